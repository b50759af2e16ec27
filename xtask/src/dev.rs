//! Rebuilding while someone writes code.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use anyhow::Result;
use notify::{EventKind, RecursiveMode, Watcher};

use crate::{
    process, repository,
    serve::{Arguments, Stage},
};

/// Folders whose changes matter.
const WATCHED: [&str; 9] = [
    "app",
    "domain",
    "frontend",
    "migrations",
    "public",
    "till",
    "server",
    "services",
    "style",
];
/// Editors write a file in several steps; this is how long they may take.
const PAUSE: Duration = Duration::from_millis(150);

/// Serves, and builds and starts anew whenever a source changes. Pages in a browser reload by
/// themselves, as the server tells them that it was replaced.
///
/// # Errors
/// When something is missing or the first build fails.
pub fn run(arguments: &Arguments) -> Result<()> {
    let mut stage = Stage::prepare(arguments, 5)?;
    stage.further.push(("SURTIDOR_DEV_RELOAD", "1".into()));
    stage.build()?;
    stage.start()?;
    stage.greet();
    let (sender, receiver) = channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        // The receiver is gone only when this program ends.
        let _ = sender.send(event);
    })?;
    let root = repository::root();
    for folder in WATCHED.iter().map(|folder| root.join(folder)) {
        if folder.is_dir() {
            watcher.watch(&folder, RecursiveMode::Recursive)?;
        }
    }
    while let Some(changed) = next_change(&receiver) {
        for path in &changed {
            println!(
                "\n{} changed",
                path.strip_prefix(&root).unwrap_or(path).display()
            );
        }
        if let Err(error) = stage.renew() {
            if process::stop_requested() {
                break;
            }
            eprintln!("{error:#}\nWaiting for the next change.");
        }
    }
    println!("\nStopping.");
    Ok(())
}

/// The files of the next burst of changes; `None` when this program is to stop.
fn next_change(events: &Receiver<notify::Result<notify::Event>>) -> Option<BTreeSet<PathBuf>> {
    let mut changed = BTreeSet::new();
    while !process::stop_requested() {
        match events.recv_timeout(PAUSE) {
            Ok(Ok(event)) if !matches!(event.kind, EventKind::Access(_)) => {
                changed.extend(event.paths.into_iter().filter(|path| is_source(path)));
            }
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) if changed.is_empty() => {}
            Err(RecvTimeoutError::Timeout) => return Some(changed),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
    None
}

/// Leaves out what editors keep beside the files.
fn is_source(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| {
            !name.starts_with(['.', '#']) && !name.ends_with(['~', '#']) && name != "4913"
        })
        && path.extension().is_none_or(|extension| extension != "swp")
        && !path.is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_leave_beside_a_file_is_no_source() {
        for name in [".lib.rs.swp", "lib.rs~", "#lib.rs#", "4913"] {
            assert!(!is_source(Path::new(name)), "{name}");
        }
        assert!(is_source(Path::new("app/src/lib.rs")));
        assert!(is_source(Path::new("style/main.css")));
    }
}
