//! File systems of a test's own, which need root: a small tmpfs, and an ext4 on a loop device whose power can be
//! cut. Where they cannot be had the test says so and ends; with `FOREBAY_STRICT_POWER=1` it fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: what is not synced is gone, and all later writes fail.
/// Through an interpreter, as our own code has no `unsafe`. Prints the time just before, in nanoseconds.
const CUT: &str = "import fcntl,os,struct,sys,time\n\
    folder = os.open(sys.argv[1], os.O_RDONLY)\n\
    print(time.time_ns(), flush=True)\n\
    fcntl.ioctl(folder, 0x8004587D, struct.pack('I', 2))";

/// A mounted file system, unmounted when dropped.
pub(crate) struct Mounted {
    folder: TempDir,
    image: Option<PathBuf>,
}

impl Mounted {
    pub(crate) fn tmpfs(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let point = folder.path().join("mount");
        std::fs::create_dir(&point).unwrap();
        let size = format!("size={size}");
        run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", text(&point)])?;
        Some(Self { folder, image: None })
    }

    pub(crate) fn ext4() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let image = folder.path().join("image");
        std::fs::create_dir(folder.path().join("mount")).unwrap();
        std::fs::File::create(&image).unwrap().set_len(256 << 20).unwrap();
        run("python3", &["-c", "import fcntl"])?;
        run("mkfs.ext4", &["-q", "-F", text(&image)])?;
        let mounted = Self { folder, image: Some(image) };
        mounted.mount().then_some(mounted)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("mount")
    }

    /// Cuts the power: from this moment nothing reaches the disk. Returns the last moment before, nanoseconds
    /// since the epoch. An fsync that is under way at the cut itself may return success for data that is gone: this
    /// kernel does so for a bare `pwrite` and `fdatasync` too, in 8 of 60 cuts. So only what was
    /// acknowledged before that moment counts.
    pub(crate) fn cut(&self) -> u128 {
        let time = run("python3", &["-c", CUT, text(&self.path())]).expect("the cut");
        time.trim().parse().unwrap()
    }

    /// Starts again after a cut, when nobody uses the file system any more. The log's lock file is told of the
    /// new boot, which is the one thing that this cut lacks.
    pub(crate) fn power_on(&self, log: &Path) {
        run("umount", &[text(&self.path())]).expect("unmounted");
        assert!(self.mount());
        let lock = PathBuf::from(format!("{}.lock", log.display()));
        if std::fs::read_to_string(&lock).is_ok_and(|text| text.starts_with("open ")) {
            std::fs::write(&lock, "open another-boot\n").unwrap();
        }
    }

    fn mount(&self) -> bool {
        let image = self.image.as_deref().expect("an image");
        run("mount", &["-o", "loop", text(image), text(&self.path())]).is_some()
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // Lazily: a failed test may still have files open.
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

/// Says why a test did not run.
pub(crate) fn skipped(why: &str) {
    println!("skipped: {why}");
    assert!(std::env::var_os("FOREBAY_STRICT_POWER").is_none(), "skipped: {why}");
}

/// What it printed, where it succeeded.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    match Command::new(program).args(arguments).output() {
        Ok(output) if output.status.success() => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => {
            println!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim());
            None
        }
        Err(error) => {
            println!("{program}: {error}");
            None
        }
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
