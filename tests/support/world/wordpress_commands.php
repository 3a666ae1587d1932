<?php
// Carries out one command in the WordPress of the folder that WORDPRESS_FOLDER names, through WordPress' own functions:
// php wordpress_commands.php COMMAND, with a JSON object on standard input; the answer is one line of JSON.

namespace World;

$_SERVER += ['HTTP_HOST' => 'blog.invalid', 'REQUEST_URI' => '/', 'SERVER_PROTOCOL' => 'HTTP/1.1', 'REMOTE_ADDR' => '127.0.0.1'];
if ($argv[1] === 'fill') {
    define('WP_INSTALLING', true);
}
require getenv('WORDPRESS_FOLDER') . '/wordpress/wp-load.php';

function member(string $name): int
{
    $login = 'member-' . substr(md5($name), 0, 12);
    $known = get_user_by('login', $login);
    return $known ? $known->ID : checked(wp_insert_user([
        'user_login' => $login,
        'user_pass' => wp_generate_password(),
        'user_email' => "$login@member.invalid",
        'display_name' => $name,
        'role' => 'author',
    ]));
}

function checked($result)
{
    if (is_wp_error($result) || !$result) {
        fwrite(STDERR, is_wp_error($result) ? $result->get_error_message() : 'WordPress refuses it');
        exit(1);
    }
    return $result;
}

function write_post(string $title, array $post, string $status = 'publish'): int
{
    $fields = ['post_title' => $title, 'post_content' => $post['body'], 'post_author' => member($post['author'])];
    $fields += ['post_status' => $status, 'comment_status' => 'open'];
    if (isset($post['posted_at'])) {
        $fields += ['post_date_gmt' => $post['posted_at'], 'post_date' => $post['posted_at']];
    }
    return checked(wp_insert_post(wp_slash($fields), true));
}

function write_comment(int $thread, array $post, int $parent = 0): int
{
    $fields = ['comment_post_ID' => $thread, 'comment_content' => $post['body'], 'comment_author' => $post['author']];
    $fields += ['comment_author_email' => 'guest@member.invalid', 'comment_parent' => $parent];
    $fields += ['comment_approved' => empty($post['removed']) ? 1 : 0];
    if (isset($post['posted_at'])) {
        $fields += ['comment_date_gmt' => $post['posted_at'], 'comment_date' => $post['posted_at']];
    }
    return checked(wp_insert_comment(wp_slash($fields)));
}

function fill(array $threads): array
{
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install('Night market', 'admin', 'admin@member.invalid', true, '', wp_generate_password());
    update_option('page_comments', 1);
    wp_delete_post(1, true);
    foreach ($threads as $thread) {
        $first = array_shift($thread['posts']);
        $id = write_post($thread['title'], $first, $thread['removed'] ? 'private' : 'publish');
        $last = 0;
        foreach ($thread['posts'] as $number => $post) {
            // Every fifth answers the one before it.
            $last = write_comment($id, $post, $number % 5 == 4 && empty($post['removed']) ? $last : 0);
        }
    }
    return [];
}

function as_post(\WP_Post $post): array
{
    $GLOBALS['post'] = $post;
    setup_postdata($post);
    return [
        'post_id' => "post-{$post->ID}",
        'thread_id' => (string) $post->ID,
        'author' => get_the_author_meta('display_name', $post->post_author),
        'posted_at' => get_post_time('Y-m-d\TH:i:s\Z', true, $post),
        'title_html' => get_the_title($post),
        'html' => apply_filters('the_content', $post->post_content),
    ];
}

function as_comment(\WP_Comment $comment): array
{
    return [
        'post_id' => "comment-{$comment->comment_ID}",
        'thread_id' => (string) $comment->comment_post_ID,
        'author' => $comment->comment_author,
        'posted_at' => str_replace(' ', 'T', $comment->comment_date_gmt) . 'Z',
        'title_html' => get_the_title($comment->comment_post_ID),
        'html' => apply_filters('comment_text', $comment->comment_content, $comment),
    ];
}

function truth(): array
{
    $posts = $hidden = [];
    foreach (get_posts(['numberposts' => -1, 'post_status' => ['publish', 'private'], 'orderby' => 'ID', 'order' => 'ASC']) as $post) {
        $shown = $post->post_status === 'publish';
        $shown ? $posts[] = as_post($post) : $hidden[] = "post-{$post->ID}";
        foreach (get_comments(['post_id' => $post->ID, 'orderby' => 'comment_ID', 'order' => 'ASC', 'status' => 'all']) as $comment) {
            $shown && $comment->comment_approved === '1'
                ? $posts[] = as_comment($comment) : $hidden[] = "comment-{$comment->comment_ID}";
        }
    }
    return ['posts' => $posts, 'hidden' => $hidden];
}

function number(string $id): int
{
    return (int) preg_replace('/\D+/', '', $id);
}

$given = json_decode(stream_get_contents(STDIN), true);
$answer = match ($argv[1]) {
    'fill' => fill($given['threads']),
    'truth' => truth(),
    'add_topic' => as_post(get_post(write_post($given['title'], $given))),
    'add_comment' => as_comment(get_comment(write_comment((int) $given['thread_id'], $given))),
    'edit_comment' => [
        checked(wp_update_comment(wp_slash(['comment_ID' => number($given['post_id']), 'comment_content' => $given['body']]))),
        as_comment(get_comment(number($given['post_id']))),
    ][1],
    'remove_comment' => ['removed' => checked(wp_delete_comment(number($given['post_id']), true))],
};
echo json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR), "\n";
