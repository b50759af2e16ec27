//! Starting other programs, waiting for them and stopping them.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader, ErrorKind},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::repository;

static STOP: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C and SIGTERM only ask this program to wind down.
///
/// # Errors
/// When the handler cannot be installed.
pub fn listen_for_stop() -> Result<()> {
    ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")
}

/// Whether Ctrl-C or SIGTERM arrived.
pub fn stop_requested() -> bool {
    STOP.load(Ordering::Relaxed)
}

/// A cargo command in the root of the clone, free of what `cargo run` told this program about itself
/// (build scripts that watch those variables would be run again).
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repository::root());
    for (name, _) in env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text == "CARGO_PRIMARY_PACKAGE"
        {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command with its output passed through.
///
/// # Errors
/// When it cannot be started, fails, or was interrupted.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    ensure!(status.success(), "{} failed: {status}", describe(command));
    Ok(())
}

/// Like [`run`], but a failure of the command is an answer.
///
/// # Errors
/// When it cannot be started or was interrupted.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    wait(&mut child)
}

/// Waits for a child, and ends it when this program is asked to stop.
///
/// # Errors
/// When this program was asked to stop.
pub fn wait(child: &mut Child) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            // Ctrl-C reaches the whole foreground group, so the child may be quicker than the handler.
            if stop_requested() {
                bail!("interrupted");
            }
            return Ok(status);
        }
        if stop_requested() {
            end(child, Duration::from_secs(10))?;
            bail!("interrupted");
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Like [`status`], and also returns the lines of the standard output, which are passed through.
///
/// # Errors
/// When it cannot be started or was interrupted.
pub fn status_and_lines(command: &mut Command) -> Result<(ExitStatus, Vec<String>)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", describe(command)))?;
    let pipe = child.stdout.take().context("the output is not piped")?;
    let reader = thread::spawn(move || {
        BufReader::new(pipe)
            .split(b'\n')
            .map_while(Result::ok)
            .map(|line| String::from_utf8_lossy(&line).into_owned())
            .inspect(|line| println!("{line}"))
            .collect()
    });
    let status = wait(&mut child)?;
    let lines = reader.join().ok().context("reading the output failed")?;
    Ok((status, lines))
}

/// What a command wrote to its standard output, without the space around it.
///
/// # Errors
/// When it cannot be started or fails; the message holds what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let output = captured(command)?;
    ensure!(
        output.status.success(),
        "{} failed: {}\n{}",
        describe(command),
        output.status,
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// Whether a command can be started and succeeds; its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    captured(command).is_ok_and(|output| output.status.success())
}

/// How a command ended and what it said, none of it passed through.
///
/// # Errors
/// When it cannot be started.
pub fn captured(command: &mut Command) -> Result<Output> {
    command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", describe(command)))
}

/// Starts a program in a process group of its own, so that Ctrl-C in the terminal does not reach it
/// and it can be stopped in order.
///
/// # Errors
/// When it cannot be started.
pub fn start(command: &mut Command) -> Result<Child> {
    command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", describe(command)))
}

/// Asks a child to end and kills it when it does not within the time given.
///
/// # Errors
/// When it can neither be asked nor killed.
pub fn end(child: &mut Child, patience: Duration) -> Result<()> {
    if child.try_wait()?.is_some() {
        return Ok(());
    }
    signal(child.id(), Signal::SIGTERM)?;
    let deadline = Instant::now() + patience;
    while child.try_wait()?.is_none() {
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Ends a process that is not our child, as [`end`] does.
///
/// # Errors
/// When it cannot be ended.
pub fn end_foreign(pid: u32, patience: Duration) -> Result<()> {
    signal(pid, Signal::SIGTERM)?;
    let deadline = Instant::now() + patience;
    // A zombie that nobody waits for has no command line.
    while command_line(pid).is_some() {
        if Instant::now() > deadline {
            return signal(pid, Signal::SIGKILL);
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn signal(pid: u32, signal: Signal) -> Result<()> {
    match kill(Pid::from_raw(pid.try_into()?), signal) {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot end process {pid}")),
    }
}

/// The command line of a running process; `None` when there is no such process.
pub fn command_line(pid: u32) -> Option<String> {
    match std::fs::read(format!("/proc/{pid}/cmdline")) {
        Ok(line) if line.is_empty() => None,
        Ok(line) => Some(String::from_utf8_lossy(&line).replace('\0', " ")),
        Err(error) if error.kind() == ErrorKind::NotFound && Path::new("/proc/self").exists() => {
            None
        }
        // No /proc, as on macOS.
        Err(_) => output(Command::new("ps").args(["-o", "args=", "-p", &pid.to_string()]))
            .ok()
            .filter(|line| !line.is_empty()),
    }
}

/// The first program of that name on the search path.
pub fn find(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}

fn describe(command: &Command) -> String {
    let words: Vec<_> = [command.get_program()]
        .into_iter()
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_command_is_named_in_the_error() {
        let error = output(Command::new("sh").args(["-c", "echo why >&2; exit 3"])).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("sh -c") && text.contains("why"), "{text}");
    }

    #[test]
    fn a_process_that_does_not_end_when_asked_is_killed() {
        let mut child =
            start(Command::new("sh").args(["-c", "trap '' TERM; sleep 30 & wait; sleep 30"]))
                .unwrap();
        thread::sleep(Duration::from_millis(100));
        end(&mut child, Duration::from_millis(200)).unwrap();
        assert!(!child.wait().unwrap().success());
    }

    #[test]
    fn this_process_has_a_command_line_and_an_unused_number_has_none() {
        assert!(command_line(std::process::id()).is_some());
        assert_eq!(command_line(u32::MAX / 2), None);
    }
}
