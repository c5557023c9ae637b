//! Servers that outlived the process that started them. `kill -9` can't be caught, so whoever opens the folder next ends
//! them, by their pid files. A pid alone proves nothing, since numbers are used again: the process must also have been
//! started with this very folder.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::process::LOOK_AGAIN;
use crate::{Error, nats, postgres};

const PATIENCE: Duration = Duration::from_secs(20);
const PATIENCE_AFTER_KILL: Duration = Duration::from_secs(5);

/// How a server is recognised by its command line: `program flag path …`.
pub(crate) struct Marks<'a> {
    pub program: &'static str,
    pub flag: &'static str,
    pub path: &'a Path,
}

/// Stops what an earlier run left in this folder. The caller holds the folder's lock, so nobody else uses them.
pub(crate) fn stop_all(folder: &Path) -> Result<(), Error> {
    let data = postgres::data_folder(folder);
    let pid_file = data.join("postmaster.pid");
    let marks = Marks { program: "postgres", flag: "-D", path: &data };
    stop("PostgreSQL", &pid_file, &marks, Signal::INT)?;
    forget_borrowed_pid(&data, &pid_file, &marks);

    let configuration = nats::configuration(folder);
    let marks = Marks { program: "nats-server", flag: "-c", path: &configuration };
    stop("NATS server", &nats::pid_file(folder), &marks, Signal::TERM)
}

fn stop(server: &'static str, file: &Path, marks: &Marks, clean: Signal) -> Result<(), Error> {
    let Some(pid) = pid_in(file).filter(|pid| is_the_one(*pid, marks)) else {
        return Ok(());
    };
    let number = pid.as_raw_pid().unsigned_abs();
    tracing::warn!(pid = number, "stopping the {server} that an earlier run left behind");
    for (signal, patience) in [(clean, PATIENCE), (Signal::KILL, PATIENCE_AFTER_KILL)] {
        let _ = kill_process(pid, signal);
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if !is_the_one(pid, marks) {
                return Ok(());
            }
            thread::sleep(LOOK_AGAIN);
        }
    }
    Err(Error::Leftover { server, pid: number })
}

/// The first line of a pid file; PostgreSQL's has more.
fn pid_in(file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(file).ok()?;
    Pid::from_raw(text.lines().next()?.trim().parse().ok()?)
}

/// False also for a zombie, which has no command line: an orphan that nobody waits for is as good as gone.
#[cfg(target_os = "linux")]
fn is_the_one(pid: Pid, marks: &Marks) -> bool {
    use std::os::unix::ffi::OsStrExt;
    let line = fs::read(format!("/proc/{}/cmdline", pid.as_raw_pid())).unwrap_or_default();
    let mut words = line.split(|byte| *byte == 0);
    let program = words.next().unwrap_or_default();
    program.rsplit(|byte| *byte == b'/').next() == Some(marks.program.as_bytes())
        && words.next() == Some(marks.flag.as_bytes())
        && words.next() == Some(marks.path.as_os_str().as_bytes())
}

#[cfg(not(target_os = "linux"))]
fn is_the_one(pid: Pid, marks: &Marks) -> bool {
    let Ok(answer) = std::process::Command::new("ps")
        .args(["-ww", "-o", "command=", "-p", &pid.as_raw_pid().to_string()])
        .output()
    else {
        return false;
    };
    let expected = format!("{} {} {}", marks.program, marks.flag, marks.path.display());
    String::from_utf8_lossy(&answer.stdout).contains(&expected)
}

/// In a container that starts again, numbers start again too, and PostgreSQL's old one is soon that of another process
/// or thread. PostgreSQL would take that for itself and refuse to start. So the file goes, but only if no process works
/// in its folder, as every process of PostgreSQL does: one that lost its parent may still be writing.
#[cfg(target_os = "linux")]
fn forget_borrowed_pid(data: &Path, file: &Path, marks: &Marks) {
    let borrowed = pid_in(file).is_some_and(|pid| {
        Path::new(&format!("/proc/{}", pid.as_raw_pid())).exists() && !is_the_one(pid, marks)
    });
    let in_use = || {
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| fs::read_link(process.path().join("cwd")).ok())
            .any(|folder| folder == data)
    };
    if borrowed && !in_use() {
        let _ = fs::remove_file(file);
    }
}

#[cfg(not(target_os = "linux"))]
fn forget_borrowed_pid(_data: &Path, _file: &Path, _marks: &Marks) {}
