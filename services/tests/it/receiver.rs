//! A merchant's system that is told of events, over real connections.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::webhooks::{DeliveryStatus, EventKind, WebhookUrl};
use futures::future::join_all;
use hmac::{Hmac, Mac};
use serde_json::Value;
use services::{
    Services,
    webhooks::{Draft, runner},
};
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout,
};

/// What a receiver was sent.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HashMap<String, String>,
    pub body: String,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    pub fn signatures(&self) -> Vec<&str> {
        self.headers["webhook-signature"].split(' ').collect()
    }

    /// The signature that a secret gives, computed as the convention's text says.
    pub fn signed_with(&self, secret: &str) -> String {
        let key = secret.strip_prefix("whsec_").unwrap();
        let key = BASE64_STANDARD.decode(key).unwrap();
        assert!((24..=64).contains(&key.len()));
        let (id, at) = (
            &self.headers["webhook-id"],
            &self.headers["webhook-timestamp"],
        );
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{id}.{at}.{}", self.body).as_bytes());
        let tag = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        format!("v1,{tag}")
    }
}

#[derive(Default)]
struct Book {
    received: Vec<Received>,
    answer: Option<&'static str>,
}

/// It answers as it is told to, or never.
#[derive(Clone)]
pub struct Receiver {
    pub url: String,
    book: Arc<Mutex<Book>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            url: format!("http://{}/hooks", listener.local_addr().unwrap()),
            book: Arc::default(),
        };
        receiver.answer("204 No Content");
        let own = receiver.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(own.clone().serve(stream));
            }
        });
        receiver
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    /// From now on this is the status line, and what follows it.
    pub fn answer(&self, status: &'static str) {
        self.book().answer = Some(status);
    }

    pub fn never_answer(&self) {
        self.book().answer = None;
    }

    pub fn received(&self) -> Vec<Received> {
        self.book().received.clone()
    }

    pub fn kinds(&self) -> Vec<String> {
        let mut kinds: Vec<_> = self.received().iter().map(Received::kind).collect();
        kinds.sort_unstable();
        kinds
    }

    /// Waits for so many.
    pub async fn has(&self, count: usize) {
        let enough = async {
            while self.received().len() < count {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let all = timeout(Duration::from_secs(10), enough).await;
        assert!(all.is_ok(), "only {} came", self.received().len());
    }

    pub fn draft(&self, events: &[EventKind]) -> Draft {
        Draft {
            url: WebhookUrl::try_from(self.url.clone()).unwrap(),
            events: events.to_vec(),
            enabled: true,
        }
    }

    async fn serve(self, mut stream: TcpStream) {
        let received = read(&mut stream).await;
        let answer = {
            let mut book = self.book();
            book.received.push(received);
            book.answer
        };
        match answer {
            Some(answer) => {
                let answer =
                    format!("HTTP/1.1 {answer}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
                // Whoever called may have gone.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
            None => std::future::pending().await,
        }
    }
}

async fn read(stream: &mut TcpStream) -> Received {
    let (mut text, mut chunk) = (Vec::new(), [0; 4_096]);
    loop {
        let count = stream.read(&mut chunk).await.unwrap();
        assert!(count > 0, "the call ended early");
        text.extend_from_slice(&chunk[..count]);
        let so_far = String::from_utf8(text.clone()).unwrap();
        let Some((head, body)) = so_far.split_once("\r\n\r\n") else {
            continue;
        };
        let headers: HashMap<_, _> = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        if body.len() >= headers["content-length"].parse().unwrap() {
            let body = body.to_owned();
            return Received { headers, body };
        }
    }
}

/// Makes one try of all that is due. The answer is what became of each.
pub async fn send_due(s: &Services) -> Vec<DeliveryStatus> {
    let mut done = Vec::new();
    loop {
        let claims = runner::claim(s, 16).await.unwrap();
        if claims.is_empty() {
            return done;
        }
        let sent = join_all(claims.into_iter().map(|claim| runner::send(s, claim))).await;
        done.extend(sent.into_iter().map(Result::unwrap));
    }
}
