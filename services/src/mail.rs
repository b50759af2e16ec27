//! Letters to people: what a letter is, and where it goes.

use std::path::PathBuf;

use tokio::io::AsyncWriteExt;

/// A letter in plain text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Letter {
    /// The reader's address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// Where letters go.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// Into the log, links and all: for a machine whose log only its owner reads.
    Log,
    /// One file per reader in a folder, newest letter last.
    Folder(PathBuf),
}

impl Mailer {
    /// Sends a letter. What goes wrong is logged: the person can ask for another.
    pub async fn send(&self, letter: Letter) {
        match self {
            Self::Log => {
                tracing::info!(
                    to = letter.to,
                    subject = letter.subject,
                    body = letter.body,
                    "letter"
                );
            }
            Self::Folder(folder) => {
                if let Err(error) = write(folder, &letter).await {
                    tracing::error!(%error, folder = %folder.display(), "could not write a letter");
                }
            }
        }
    }
}

async fn write(folder: &PathBuf, letter: &Letter) -> std::io::Result<()> {
    // Whoever reads a letter can use its link: it is for the owner of the process alone.
    tokio::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .await?;
    let text = format!(
        "To: {}\nSubject: {}\n\n{}\n",
        letter.to, letter.subject, letter.body
    );
    let name = format!("{}.txt", letter.to.replace(['/', '\\'], "_"));
    let mut file = tokio::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(folder.join(name))
        .await?;
    file.write_all(text.as_bytes()).await?;
    file.flush().await
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn tempfolder(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("surtidor-mail-{name}-{}", std::process::id()))
    }

    fn letter(subject: &str) -> Letter {
        Letter {
            to: "ana@demo.test".into(),
            subject: subject.into(),
            body: "…".into(),
        }
    }

    #[tokio::test]
    async fn letters_to_one_person_are_kept_in_one_file_newest_last() {
        let folder = tempfolder("order");
        let mailer = Mailer::Folder(folder.clone());
        for subject in ["first", "second"] {
            mailer.send(letter(subject)).await;
        }
        let kept = std::fs::read_to_string(folder.join("ana@demo.test.txt")).unwrap();
        assert!(kept.find("first").unwrap() < kept.find("second").unwrap());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn letters_are_for_the_owner_of_the_process_alone() {
        let folder = tempfolder("private");
        let mailer = Mailer::Folder(folder.clone());
        mailer.send(letter("secret")).await;
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&folder) & 0o777, 0o700);
        assert_eq!(mode(&folder.join("ana@demo.test.txt")) & 0o777, 0o600);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
