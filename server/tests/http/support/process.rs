//! The program itself, as someone starts it.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

/// The program in an environment that holds nothing but these variables, away from any file of settings.
pub fn program(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_surtidor"));
    command
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .current_dir(folder);
    command
}

/// A server in a process of its own, on a port the system chose.
pub struct Program {
    child: Child,
    pub url: String,
}

impl Program {
    /// Starts to serve and waits until it does.
    pub fn serve(folder: &Path, database_url: &str) -> Self {
        let variables = [
            ("DATABASE_URL", database_url),
            ("QR_SIGNING_SECRET", super::QR_SECRET),
            ("SERVER_PORT", "0"),
            ("SURTIDOR_SITE_ROOT", folder.to_str().unwrap()),
            ("SURTIDOR__LOG__FORMAT", "json"),
            ("RATE_LIMIT_GENERAL_PER_MINUTE", "1000000"),
        ];
        let mut child = program(folder, &["serve"], &variables)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let url = address(&mut log).expect("the log tells the address");
        // A full pipe would stop the program.
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Self { child, url }
    }

    /// Ends it without a warning, as `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Gone already, unless a test failed in between.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address(log: &mut BufReader<impl Read>) -> Option<String> {
    let mut line = String::new();
    while log.read_line(&mut line).unwrap() > 0 {
        if let Some((_, rest)) = line.split_once("\"address\":\"") {
            return rest.split('"').next().map(|it| format!("http://{it}"));
        }
        eprint!("{line}");
        line.clear();
    }
    None
}
