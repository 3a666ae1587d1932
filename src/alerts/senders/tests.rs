//! Senders against small servers on loopback that accept, refuse, redirect and listen in.

use nightheron_crawlers::net::ClearPolicy;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::alerts::message::{Content, Message, SendError};
use crate::alerts::samples;
use crate::alerts::secret::Secret;
use crate::alerts::settings::Security;

fn mail(to: &str) -> Message {
    let content = Content::Mail {
        subject: "[TLP:AMBER] 有人聲稱出售資料".into(),
        text: "文字\n.\nsecond line\n".into(),
        html: "<p>文字</p>".into(),
    };
    Message { key: "0123456789abcdef0123456789abcdef".into(), address: to.into(), sent_at: samples::now(), content }
}

/// A small SMTP server: refuses some recipients, keeps what it accepts.
#[derive(Clone, Default)]
struct Mailbox(Arc<Mutex<Vec<String>>>);

impl Mailbox {
    /// Starts it; gives its port.
    async fn start(&self) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let mailbox = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mailbox = mailbox.clone();
                tokio::spawn(async move { mailbox.talk(stream).await });
            }
        });
        port
    }

    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 mailbox.example\r\n").await.ok()?;
        while let Some(line) = lines.next_line().await.ok()? {
            let upper = line.to_ascii_uppercase();
            let answer = match upper.split([' ', ':']).next().unwrap_or_default() {
                "EHLO" => "250-mailbox.example\r\n250-8BITMIME\r\n250 SMTPUTF8",
                "RCPT" if upper.contains("BUSY@") => "451 4.3.0 try later",
                "RCPT" if upper.contains("GONE@") => "550 5.1.1 no such\u{1b}[31m user",
                "MAIL" if upper.contains("DENIED@") => "535 5.7.8 who are you",
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await.ok()?;
                    let mut text = String::new();
                    loop {
                        match lines.next_line().await.ok()?? {
                            end if end == "." => break,
                            line => text.push_str(&(line + "\n")),
                        }
                    }
                    self.0.lock().unwrap().push(text);
                    "250 2.0.0 queued as 42"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            write.write_all(answer.as_bytes()).await.ok()?;
            write.write_all(b"\r\n").await.ok()?;
        }
        Some(())
    }

    fn received(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

fn settings(port: u16) -> MailSettings {
    MailSettings {
        host: Some("127.0.0.1".into()),
        port: Some(port),
        security: Security::None,
        from: "soc@cert.example".into(),
        reply_to: Some("answers@cert.example".into()),
        timeout_seconds: 20,
        ..MailSettings::default()
    }
}

#[tokio::test]
async fn smtp_accepts_and_says_so() {
    let mailbox = Mailbox::default();
    let sender = mail_sender(&settings(mailbox.start().await), "TWCERT/CC").unwrap().unwrap();
    let receipt = sender.send(&mail("it@acme.example")).await.unwrap();
    assert_eq!(receipt.0, "250 2.0.0 queued as 42");
    let received = mailbox.received();
    for header in [
        "Message-ID: <0123456789abcdef0123456789abcdef@cert.example>",
        "To: it@acme.example",
        "Auto-Submitted: auto-generated",
        "Reply-To: answers@cert.example",
        "Date: Mon, 02 Mar 2026 01:10:00",
        "multipart/alternative",
        "text/html",
    ] {
        assert!(received[0].contains(header), "{header} is missing in\n{}", received[0]);
    }
}

#[tokio::test]
async fn smtp_refusals_are_told_apart() {
    let mailbox = Mailbox::default();
    let port = mailbox.start().await;
    let sender = mail_sender(&settings(port), "TWCERT/CC").unwrap().unwrap();
    let busy = sender.send(&mail("busy@acme.example")).await.unwrap_err();
    assert!(
        matches!(&busy, SendError::Transient(text) if text.contains("451") || text.contains("try later")),
        "{busy:?}"
    );
    let gone = sender.send(&mail("gone@acme.example")).await.unwrap_err();
    assert!(matches!(&gone, SendError::Permanent(text) if !text.contains('\u{1b}')), "{gone:?}");
    let denied = MailSettings { from: "denied@cert.example".into(), ..settings(port) };
    let denied = mail_sender(&denied, "x").unwrap().unwrap().send(&mail("it@acme.example")).await.unwrap_err();
    assert!(matches!(denied, SendError::Transient(_)), "a refused login is for the operator: {denied:?}");
    let wrong = sender.send(&mail("no address")).await.unwrap_err();
    assert!(matches!(wrong, SendError::Permanent(_)));
    assert!(mailbox.received().is_empty());
}

#[tokio::test]
async fn without_starttls_nothing_is_sent() {
    let mailbox = Mailbox::default();
    let settings = MailSettings { security: Security::Starttls, ..settings(mailbox.start().await) };
    let error = mail_sender(&settings, "x").unwrap().unwrap().send(&mail("it@acme.example")).await.unwrap_err();
    assert!(matches!(error, SendError::Transient(_)), "{error:?}");
    assert!(mailbox.received().is_empty());
}

#[tokio::test]
async fn a_server_that_is_away_is_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = mail_sender(&settings(port), "x").unwrap().unwrap().send(&mail("it@acme.example")).await.unwrap_err();
    assert!(matches!(error, SendError::Transient(_)), "{error:?}");
}

#[test]
fn plain_smtp_leaves_this_machine_never() {
    let away = MailSettings { host: Some("mail.example".into()), security: Security::None, ..MailSettings::default() };
    assert!(mail_sender(&away, "x").is_err());
    let both =
        MailSettings { host: Some("mail.example".into()), folder: Some("out".into()), ..MailSettings::default() };
    assert!(mail_sender(&both, "x").is_err());
    assert!(mail_sender(&MailSettings::default(), "x").unwrap().is_none());
}

#[tokio::test]
async fn a_folder_takes_mail_whole_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("mail");
    let settings =
        MailSettings { folder: Some(out.clone()), from: "soc@cert.example".into(), ..MailSettings::default() };
    let sender = mail_sender(&settings, "TWCERT/CC").unwrap().unwrap();
    sender.send(&mail("it@acme.example")).await.unwrap();
    sender.send(&mail("it@acme.example")).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["0123456789abcdef0123456789abcdef.eml"]);
    std::fs::remove_dir_all(&out).unwrap();
    std::fs::write(&out, "a file in the way").unwrap();
    let error = sender.send(&mail("it@acme.example")).await.unwrap_err();
    assert!(matches!(error, SendError::Transient(_)), "{error:?}");
}

/// Takes one request, answers it, gives its head and body.
async fn receive(listener: &TcpListener, answer: &str) -> (String, String) {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let n = stream.read(&mut part).await.unwrap();
        bytes.extend_from_slice(&part[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = header(head, "content-length").parse::<usize>().unwrap();
        if body.len() >= length {
            stream.write_all(answer.as_bytes()).await.unwrap();
            return (head.to_owned(), body.to_owned());
        }
    }
}

fn header(head: &str, name: &str) -> String {
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with(&format!("{name}:"))).unwrap();
    line.split_once(':').unwrap().1.trim().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "a test's client to its own loopback server")]
fn client() -> reqwest::Client {
    // Another test may have installed it.
    rustls::crypto::ring::default_provider().install_default().ok();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

fn hook(address: String, secret: &str) -> Message {
    let content = Content::Webhook { body: "{\"說\":\"聲稱\"}".into(), secret: Secret::new(secret.into()) };
    Message { key: "k1".into(), address, sent_at: samples::now(), content }
}

/// HMAC-SHA256 by the definition in RFC 2104, from the hash alone.
fn hmac_by_hand(key: &[u8], text: &[u8]) -> String {
    use sha2::{Digest as _, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let inner = Sha256::new().chain_update(block.map(|b| b ^ 0x36)).chain_update(text).finalize();
    hex::encode(Sha256::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize())
}

#[tokio::test]
async fn a_receiver_can_verify_a_webhook() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let message = hook(format!("http://{}/hook", listener.local_addr().unwrap()), "s3cret");
    let sender = WebhookSender::new(client(), ClearPolicy { allow_private: vec!["127.0.0.0/8".parse().unwrap()] });
    let (sent, (head, body)) =
        tokio::join!(sender.send(&message), receive(&listener, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"));
    assert_eq!(sent.unwrap().0, "HTTP 204");
    assert!(head.starts_with("POST /hook HTTP/1.1"));
    let timestamp = header(&head, "nightheron-timestamp");
    assert_eq!(timestamp, samples::now().as_second().to_string());
    let expected = hmac_by_hand(b"s3cret", format!("{timestamp}.{body}").as_bytes());
    assert_eq!(header(&head, "nightheron-signature"), format!("v1={expected}"));
    assert_eq!(header(&head, "nightheron-notice"), "k1");
    assert_eq!(body, "{\"說\":\"聲稱\"}");
}

#[tokio::test]
async fn answers_of_a_receiver_are_told_apart() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let message = hook(format!("http://{}/hook", listener.local_addr().unwrap()), "s");
    let sender = WebhookSender::new(client(), ClearPolicy { allow_private: vec!["127.0.0.0/8".parse().unwrap()] });
    for (status, transient) in
        [(500, true), (503, true), (429, true), (408, true), (425, true), (410, false), (400, false), (307, false)]
    {
        let answer = format!(
            "HTTP/1.1 {status} X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let (sent, _) = tokio::join!(sender.send(&message), receive(&listener, &answer));
        let error = sent.unwrap_err();
        assert_eq!(matches!(error, SendError::Transient(_)), transient, "{status}: {error:?}");
    }
}

#[tokio::test]
async fn some_addresses_are_refused_unasked() {
    let sender = WebhookSender::new(client(), ClearPolicy { allow_private: vec!["127.0.0.0/8".parse().unwrap()] });
    for address in ["http://acme.example/hook", "https://joe:pw@acme.example/", "ftp://acme.example/", "nonsense"] {
        let error = sender.send(&hook(address.into(), "s")).await.unwrap_err();
        assert!(matches!(&error, SendError::Permanent(text) if !text.contains("pw@")), "{address}: {error:?}");
    }
}
