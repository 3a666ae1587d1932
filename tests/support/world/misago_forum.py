"""Writes to a Misago forum through its own models, parser and moderation, and tells what a guest can read.

To be imported after Django has been set up with `misago_settings`.
"""

import datetime
import functools

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connections, transaction
from django.test import RequestFactory
from django.utils import timezone
from misago.acl.models import Role
from misago.cache.versions import invalidate_all_caches
from misago.categories.models import Category
from misago.core.utils import slugify
from misago.markup import common_flavour
from misago.threads.checksums import update_post_checksum
from misago.threads.events import record_event
from misago.threads.models import Post, PostEdit, Thread
from misago.threads.moderation import posts as moderation
from misago.users.test import create_test_user

from plain_text import links_of, text_of
from service import CommandError

User = get_user_model()
EVERY_NINTH = 9  # post of a thread quotes the one before it
AVATARS = [{"size": size, "url": "/static/misago/img/blank-avatar.png"} for size in (400, 200, 100)]


def member(name):
    """The member of this name, who registers if there is none."""
    known = User.objects.filter(username=name).first()
    return known or create_test_user(name, f"{slugify(name)}@member.invalid", avatars=AVATARS)


def parsed(author, text):
    """The text as Misago's own parser renders it."""
    request = RequestFactory(SERVER_NAME="forum.invalid").get("/")
    request.user = author
    return common_flavour(request, author, text)["parsed_text"]


@transaction.atomic
def fill(boards, threads):
    """Makes all boards and threads."""
    model = Category.objects.get(slug="first-category")
    model.set_name("Rules")
    model.save()
    for board in boards:
        made = Category()
        made.set_name(board.title)
        parent = Category.objects.get(name=board.parent) if board.parent else Category.objects.root_category()
        made.insert_at(parent, position="last-child", save=True)
        for acl in () if board.hidden else model.category_role_set.all():
            made.category_role_set.create(role_id=acl.role_id, category_role_id=acl.category_role_id)
    for thread in (thread for thread in threads if slugify(thread.title)):  # Misago refuses the others
        write_thread(Category.objects.get(name=thread.board), thread)
    for category in Category.objects.all():
        category.synchronize()
        category.save()
    invalidate_all_caches()
    cache.clear()  # the root of the boards as it was before


def write_thread(category, thread):
    """Makes one thread with its posts, all at their own times."""
    topic = new_thread(category, thread.title, thread.posts[0].author, thread.posts[0].posted_at)
    before = None
    for number, post in enumerate(thread.posts, 1):
        body = post.body
        if before is not None and number % EVERY_NINTH == 0:
            body = f'[quote="@{before.author}"]\n{before.body}\n[/quote]\n\n{body}'
        made = new_post(topic, member(post.author), body, post.posted_at)
        for edited in post.edits:
            change_post(made, member(post.author), edited)
        if post.removed:
            moderation.hide_post(member("Night_Market"), made)
        before = post
    if thread.pinned:
        topic.weight = 2
    topic.is_closed, topic.is_hidden = thread.closed, thread.removed
    topic.synchronize()
    topic.save()
    if thread.closed:
        note(topic, "closed", topic.last_post_on + datetime.timedelta(minutes=5))


def note(topic, event, at):
    """A moderator's action among the posts."""
    request = RequestFactory().get("/")
    request.user = member("Night_Market")
    made = record_event(request, topic, event)
    Post.objects.filter(pk=made.pk).update(posted_on=at, updated_on=at)
    topic.synchronize()
    topic.save()


def new_thread(category, title, author, at):
    """A thread without posts."""
    if not slugify(title):
        raise CommandError(f"Misago refuses the title {title!r}")
    author = member(author)
    names = {"starter_name": author.username, "starter_slug": author.slug}
    names |= {"last_poster_name": author.username, "last_poster_slug": author.slug}
    topic = Thread(category=category, starter=author, last_poster=author, started_on=at, last_post_on=at, **names)
    topic.set_title(title)
    topic.save()
    return topic


def new_post(topic, author, body, at):
    """A post at the end of a thread, whose counters are left as they are."""
    post = Post.objects.create(
        category=topic.category,
        thread=topic,
        poster=author,
        poster_name=author.username,
        original=body,
        parsed=parsed(author, body),
        posted_on=at,
        updated_on=at,
    )
    update_post_checksum(post)
    post.save()
    if topic.first_post_id is None:
        topic.set_first_post(post)
        topic.save()
    return post


def change_post(post, editor, body):
    """Edits a post and keeps what it said, as Misago's own middleware does."""
    now = timezone.now()
    PostEdit.objects.create(
        category=post.category,
        thread=post.thread,
        post=post,
        edited_on=now,
        editor=editor,
        editor_name=editor.username,
        editor_slug=editor.slug,
        edited_from=post.original,
        edited_to=body,
    )
    post.original, post.parsed = body, parsed(post.poster, body)
    post.updated_on, post.edits = now, post.edits + 1
    post.last_editor, post.last_editor_name, post.last_editor_slug = editor, editor.username, editor.slug
    update_post_checksum(post)
    post.save()


def truth():
    """What a guest can read, and what no guest can."""
    guests = Role.objects.get(special_role="anonymous")
    boards = Category.objects.filter(category_role_set__role=guests).distinct()
    posts = Post.objects.filter(is_event=False).order_by("pk").select_related("thread", "poster", "category")
    readable = posts.filter(is_hidden=False, thread__is_hidden=False, category__in=boards)
    shown = [describe(post) for post in readable]
    known = {post["post_id"] for post in shown}
    return {
        "threads": len({post["thread_id"] for post in shown}),
        "posts": shown,
        "hidden": [str(post.pk) for post in posts if str(post.pk) not in known],
    }


def describe(post):
    """The truth about one post."""
    posted_at = post.posted_on.astimezone(datetime.timezone.utc).replace(microsecond=0)
    return {
        "post_id": str(post.pk),
        "thread_id": str(post.thread_id),
        "board": post.category.name,
        "author": post.poster_name,
        "posted_at": posted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": post.thread.title,
        "text": text_of(post.content),
        "links": links_of(post.content),
        "edited": post.edits,
    }


def found(kind, **wanted):
    """The one object that is meant."""
    try:
        return kind.objects.get(**wanted)
    except kind.DoesNotExist:
        raise CommandError(f"no {kind.__name__.lower()} with {wanted}") from None


def publish(topic, body, author):
    """A post of now, with all counters."""
    post = new_post(topic, member(author), body, timezone.now())
    settle(topic)
    return describe(post)


def settle(topic):
    """Counts a thread and its board anew, as Misago does after moderation."""
    topic.synchronize()
    topic.save()
    topic.category.synchronize()
    topic.category.save()


def add_topic(board, title, body, author):
    """A new thread with its first post."""
    with transaction.atomic():
        return publish(new_thread(found(Category, name=board), title, author, timezone.now()), body, author)


def add_comment(thread_id, body, author):
    """A new post in a thread."""
    with transaction.atomic():
        return publish(found(Thread, pk=thread_id), body, author)


def edit_comment(post_id, body):
    """Another text for a post."""
    with transaction.atomic():
        post = found(Post, pk=post_id)
        change_post(post, post.poster, body)
        return describe(post)


def remove_comment(post_id):
    """Deletes a post for good, as a moderator."""
    with transaction.atomic():
        post = found(Post, pk=post_id)
        moderation.delete_post(member("Night_Market"), post)
        settle(post.thread)
        return {}


def add_member(name, password):
    """A member who can log in."""
    create_test_user(name, f"{slugify(name)}@member.invalid", password, avatars=AVATARS)
    return {}


def members_only():
    """Hides every board from guests, for good."""
    with transaction.atomic():
        guests = Role.objects.get(special_role="anonymous")
        for category in Category.objects.all():
            category.category_role_set.filter(role=guests).delete()
        invalidate_all_caches()
    cache.clear()
    return {}


def end_sessions():
    """Logs everybody out."""
    Session.objects.all().delete()
    return {}


def commands():
    """The control commands. Each runs in a thread of its own, whose database connection is closed afterwards."""

    def closing(command):
        @functools.wraps(command)
        def run(**arguments):
            try:
                return command(**arguments)
            finally:
                connections.close_all()

        return run

    offered = (add_topic, add_comment, edit_comment, remove_comment, truth, add_member, members_only, end_sessions)
    return {f.__name__: closing(f) for f in offered}
