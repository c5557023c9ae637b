//! An SMTP server on loopback that does as it is told, and remembers.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the postman does with letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Not now, he says.
    Refuses,
    /// Never, he says.
    RefusesForGood,
    /// Takes the letter and hangs up without a word.
    HangsUp,
    /// Takes the letter and says nothing more.
    FallsSilent,
    /// Does not even greet.
    Away,
}

/// A letter that came to the end, whatever was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub id: String,
    pub subject: String,
    /// As it came.
    pub whole: String,
    /// Whether he said that he has it.
    pub taken: bool,
}

#[derive(Clone)]
pub struct Postman {
    mood: Arc<Mutex<Mood>>,
    letters: Arc<Mutex<Vec<Letter>>>,
    pub url: String,
}

impl Postman {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let postman = Self { mood: Arc::new(Mutex::new(Mood::Takes)), letters: Arc::default(), url };
        let at_work = postman.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let at_work = at_work.clone();
                // Who hangs up hangs up.
                tokio::spawn(async move { at_work.listens(stream).await.ok() });
            }
        });
        postman
    }

    pub fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    fn mood(&self) -> Mood {
        *self.mood.lock().unwrap()
    }

    /// All letters so far.
    pub fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }

    async fn listens(&self, stream: TcpStream) -> std::io::Result<()> {
        if self.mood() == Mood::Away {
            return Ok(());
        }
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 postman\r\n").await?;
        let (mut to, mut whole, mut in_letter) = (String::new(), String::new(), false);
        while let Some(line) = lines.next_line().await? {
            if in_letter && line != "." {
                whole.push_str(&line);
                whole.push('\n');
                continue;
            }
            let answer = match line.as_str() {
                "." => {
                    in_letter = false;
                    match self.keep(&to, std::mem::take(&mut whole)).await {
                        Some(answer) => answer,
                        None => return Ok(()),
                    }
                }
                "DATA" => {
                    in_letter = true;
                    "354 go on"
                }
                "QUIT" => "221 bye",
                _ => "250 yes",
            };
            if let Some(address) = line.strip_prefix("RCPT TO:<") {
                to = address.trim_end_matches('>').to_owned();
            }
            writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
        }
        Ok(())
    }

    async fn keep(&self, to: &str, whole: String) -> Option<&'static str> {
        let mood = self.mood();
        let header = |name: &str| {
            let line = whole.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim().to_owned()
        };
        let (id, subject) = (header("Message-ID:"), header("Subject:"));
        let taken = mood == Mood::Takes;
        if !matches!(mood, Mood::Refuses | Mood::RefusesForGood) {
            self.letters.lock().unwrap().push(Letter { to: to.to_owned(), id, subject, whole, taken });
        }
        match mood {
            Mood::Takes => Some("250 taken"),
            Mood::Refuses => Some("451 not now"),
            Mood::RefusesForGood => Some("554 never"),
            Mood::HangsUp | Mood::Away => None,
            Mood::FallsSilent => std::future::pending().await,
        }
    }
}
