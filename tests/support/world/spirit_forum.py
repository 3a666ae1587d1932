"""Writes to a Spirit forum through its own forms and models, and tells what a guest can read.

To be imported after Django has been set up (`spirit_project.prepare`).
"""

import datetime
import functools

import djconfig
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.utils import timezone
from djconfig import config
from spirit.category.models import Category
from spirit.comment.forms import CommentForm
from spirit.comment.models import Comment
from spirit.comment.utils import comment_posted, post_comment_update, pre_comment_update
from spirit.topic.forms import TopicForm
from spirit.topic.models import Topic

from plain_text import links_of, text_of
from service import CommandError

User = get_user_model()


def member(nickname):
    """The member of this name, who registers if there is none."""
    user, created = User.objects.get_or_create(username=nickname.lower())
    if created:
        user.set_unusable_password()
        user.st.nickname = nickname
        user.st.is_verified = True
        user.save()
    return user


def valid(form):
    """The form, if Spirit accepts what is in it."""
    if not form.is_valid():
        raise CommandError(f"Spirit refuses it: {form.errors.as_json()}")
    return form


@transaction.atomic
def fill(boards, threads):
    """Makes all boards and threads."""
    made = {}
    for board in boards:
        parent = made.get(board.parent)
        made[board.title] = Category.objects.create(title=board.title, parent=parent, is_global=board.on_front_page)
    for thread in threads:
        write_thread(made[thread.board], thread)
    for board in boards:
        category = made[board.title]
        category.is_private = board.hidden == "private"
        category.is_removed = board.hidden == "removed"
        category.save()


def write_thread(category, thread):
    """Makes one thread with its posts, all at their own times."""
    topic = new_topic(category, thread.title, thread.posts[0].author)
    for post in thread.posts:
        form = valid(CommentForm(user=member(post.author), topic=topic, data={"comment": post.body}))
        comment = form.save()
        Comment.objects.filter(pk=comment.pk).update(date=post.posted_at, is_removed=post.removed)
        for body in post.edits:
            change_comment(Comment.objects.get(pk=comment.pk), body)
    last = thread.posts[-1].posted_at
    for done, action in ((thread.pinned, Comment.PINNED), (thread.closed, Comment.CLOSED)):
        if done:
            last += datetime.timedelta(minutes=5)
            note = Comment.create_moderation_action(user=member("Night_Market"), topic=topic, action=action)
            Comment.objects.filter(pk=note.pk).update(date=last)
    Topic.objects.filter(pk=topic.pk).update(
        date=thread.posts[0].posted_at,
        last_active=last,
        comment_count=len(thread.posts),
        is_pinned=thread.pinned,
        is_closed=thread.closed,
        is_removed=thread.removed,
    )


def new_topic(category, title, author):
    """A topic as the form makes it."""
    return valid(TopicForm(user=member(author), data={"title": title, "category": category.pk})).save()


def change_comment(comment, body):
    """Edits a comment as Spirit's own view does, history included."""
    pre_comment_update(comment=comment)
    form = valid(CommentForm(data={"comment": body}, instance=comment))
    post_comment_update(comment=form.save())


def truth():
    """What a guest can read, and what no guest can."""
    topics = list(Topic.objects.visible().order_by("pk"))
    visible = [post for topic in topics for post in posts_of(topic)]
    shown = {int(post["post_id"]) for post in visible}
    hidden = Comment.objects.filter(action=Comment.COMMENT).exclude(pk__in=shown).order_by("pk")
    boards = Category.objects.visible().order_by("pk")
    return {
        "boards": [
            {"id": str(board.pk), "title": board.title, "path": board.get_absolute_url(), "parent": parent_of(board)}
            for board in boards
        ],
        "threads": len(topics),
        "posts": visible,
        "hidden": [str(comment.pk) for comment in hidden],
    }


def parent_of(board):
    """The id of the board that this one is part of, or null."""
    return str(board.parent_id) if board.parent_id else None


def posts_of(topic):
    """The posts of a topic, with the pages on which they stand."""
    djconfig.reload_maybe()
    number, posts = 0, []
    for comment in Comment.objects.filter(topic=topic).order_by("date"):
        number += 1  # removed posts and moderators' actions are counted too
        if comment.action == Comment.COMMENT and not comment.is_removed:
            posts.append(describe(topic, comment, number))
    return posts


def describe(topic, comment, number):
    """The truth about the post that is the `number`th of its topic."""
    page = (number - 1) // config.comments_per_page + 1
    path = topic.get_absolute_url()
    posted_at = comment.date.astimezone(datetime.timezone.utc).replace(second=0, microsecond=0)
    return {
        "post_id": str(comment.pk),
        "thread_id": str(topic.pk),
        "board": topic.category.title,
        "author": comment.user.st.nickname,
        "posted_at": posted_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "title": topic.title,
        "markdown": comment.comment,
        "html": comment.comment_html,
        "text": text_of(comment.comment_html),
        "links": links_of(comment.comment_html),
        "edited": comment.modified_count,
        "thread_path": path,
        "page_path": path if page == 1 else f"{path}?page={page}",
        "anchor": f"c{number}",
        "permalink": comment.get_absolute_url(),
    }


def post_now(comment_id):
    """The truth about one post."""
    topic = Comment.objects.get(pk=comment_id).topic
    return next(post for post in posts_of(topic) if post["post_id"] == str(comment_id))


def found(kind, **wanted):
    """The one object that is meant."""
    try:
        return kind.objects.get(**wanted)
    except kind.DoesNotExist:
        raise CommandError(f"no {kind.__name__.lower()} with {wanted}") from None


def add_topic(board, title, body, author):
    """A new topic with its first post."""
    with transaction.atomic():
        topic = new_topic(found(Category, title=board), title, author)
        return publish(topic, body, author)


def add_comment(thread_id, body, author):
    """A new post in a topic."""
    with transaction.atomic():
        return publish(found(Topic, pk=thread_id), body, author)


def publish(topic, body, author):
    """What Spirit's view does after its checks."""
    form = valid(CommentForm(user=member(author), topic=topic, data={"comment": body}))
    comment = form.save()
    comment_posted(comment=comment, mentions=form.mentions)
    return post_now(comment.pk)


def edit_comment(post_id, body):
    """Another text for a post."""
    with transaction.atomic():
        change_comment(found(Comment, pk=post_id), body)
        return post_now(post_id)


def remove_comment(post_id):
    """Takes a post away, as a moderator."""
    Comment.objects.filter(pk=found(Comment, pk=post_id).pk).update(is_removed=True)
    return {}


def mark_topic(thread_id, **marks):
    """Sets a topic's marks, as a moderator."""
    Topic.objects.filter(pk=found(Topic, pk=thread_id).pk).update(**marks, reindex_at=timezone.now())
    return {}


def remove_topic(thread_id):
    """Takes a topic away."""
    return mark_topic(thread_id, is_removed=True)


def restore_topic(thread_id):
    """Brings a removed topic back."""
    return mark_topic(thread_id, is_removed=False)


def close_topic(thread_id):
    """Nobody can reply any more."""
    return mark_topic(thread_id, is_closed=True)


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

    functions = (add_topic, add_comment, edit_comment, remove_comment, remove_topic, restore_topic, close_topic, truth)
    return {function.__name__: closing(function) for function in functions}
