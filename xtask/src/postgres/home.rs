//! The folder of a cluster, and the user it belongs to.

use std::{
    fs,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use nix::unistd::{User, geteuid};

use crate::{process, repository};

/// The account a cluster runs under when this program runs as root, which PostgreSQL refuses.
#[derive(Clone, Copy, Debug)]
pub struct Owner {
    /// Its user number.
    pub user: u32,
    /// Its group number.
    pub group: u32,
}

/// The folder of one cluster.
pub struct Home {
    directory: PathBuf,
    owner: Option<Owner>,
}

impl Home {
    /// The folder in the clone, or one under `/var/lib` when the cluster's account cannot reach the
    /// clone (as below `/root`); a note in the clone then says where.
    ///
    /// # Errors
    /// When neither can be made.
    pub fn choose(name: &str) -> Result<Self> {
        let state = repository::state()?;
        let owner = owner()?;
        let inside = state.join(name);
        if prepare(&inside, owner).is_ok() {
            return Ok(Self {
                directory: inside,
                owner,
            });
        }
        let parent = Path::new("/var/lib/surtidor").join(repository::identity());
        let outside = parent.join(name);
        prepare(&outside, owner)
            .with_context(|| format!("no place for PostgreSQL's files: {}", outside.display()))?;
        let note = format!(
            "The account that PostgreSQL runs under cannot reach this folder.\nIts files are in {}.\n",
            parent.display()
        );
        fs::write(state.join("postgres-is-elsewhere.txt"), note)?;
        Ok(Self {
            directory: outside,
            owner,
        })
    }

    /// A path inside the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// PostgreSQL's own data directory.
    pub fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The file with the role's password.
    pub fn password(&self) -> PathBuf {
        self.path("password")
    }

    /// The file with the port.
    pub fn port(&self) -> PathBuf {
        self.path("port")
    }

    /// What PostgreSQL has to say since its last start.
    pub fn log(&self) -> PathBuf {
        self.path("log")
    }

    /// The account the folder belongs to, when it is not ours.
    pub fn owner(&self) -> Option<Owner> {
        self.owner
    }

    /// The release the data was made by; `None` when there is none yet.
    ///
    /// # Errors
    /// When the data cannot be read.
    pub fn release(&self) -> Result<Option<u32>> {
        let file = self.data().join("PG_VERSION");
        if !file.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file)?;
        let release = text.trim().parse();
        Ok(Some(
            release.with_context(|| format!("{} is odd", file.display()))?,
        ))
    }

    /// A command that runs as the owner, inside the folder, and untouched by `PG…` variables.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = as_owner(program, self.owner);
        command.current_dir(&self.directory).env("LC_ALL", "C");
        for variable in [
            "PGDATA",
            "PGHOST",
            "PGPORT",
            "PGOPTIONS",
            "PGUSER",
            "PGDATABASE",
        ] {
            command.env_remove(variable);
        }
        command
    }
}

fn owner() -> Result<Option<Owner>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    let Some(user) = User::from_name("postgres")? else {
        bail!("there is no user `postgres`, under whom PostgreSQL could run instead of root");
    };
    Ok(Some(Owner {
        user: user.uid.as_raw(),
        group: user.gid.as_raw(),
    }))
}

fn prepare(directory: &Path, owner: Option<Owner>) -> Result<()> {
    fs::create_dir_all(directory)?;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o700))?;
    let Some(owner) = owner else { return Ok(()) };
    chown(directory, Some(owner.user), Some(owner.group))?;
    if !process::succeeds(
        as_owner(Path::new("test"), Some(owner))
            .arg("-x")
            .arg(directory),
    ) {
        fs::remove_dir(directory)?;
        bail!(
            "{} is out of reach for user `postgres`",
            directory.display()
        );
    }
    Ok(())
}

fn as_owner(program: &Path, owner: Option<Owner>) -> Command {
    let mut command = Command::new(program);
    if let Some(owner) = owner {
        command.uid(owner.user).gid(owner.group);
    }
    // The current directory may be out of the owner's reach.
    command.current_dir("/");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_made_for_nobody_else_to_read() {
        let parent = tempfile::tempdir().unwrap();
        let directory = parent.path().join("a/b");
        prepare(&directory, None).unwrap();
        let mode = fs::metadata(&directory).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn data_that_is_not_there_has_no_release() {
        let parent = tempfile::tempdir().unwrap();
        let home = Home {
            directory: parent.path().to_path_buf(),
            owner: None,
        };
        assert_eq!(home.release().unwrap(), None);
        fs::create_dir(home.data()).unwrap();
        fs::write(home.data().join("PG_VERSION"), "15\n").unwrap();
        assert_eq!(home.release().unwrap(), Some(15));
    }
}
