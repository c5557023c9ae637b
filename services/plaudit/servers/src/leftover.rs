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
    let unfinished = postgres::unfinished_folder(folder);
    let marks = Marks { program: "initdb", flag: "-D", path: &unfinished };
    stop("initdb", &unfinished.join("postmaster.pid"), &marks, Signal::TERM)?;

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
    let mut left = left(file, marks);
    for (signal, patience) in [(clean, PATIENCE), (Signal::KILL, PATIENCE_AFTER_KILL)] {
        let (deadline, mut told) = (Instant::now() + patience, Vec::new());
        while !left.is_empty() && Instant::now() < deadline {
            for pid in left.drain(..).filter(|pid| !told.contains(pid)).collect::<Vec<_>>() {
                tracing::warn!(pid = number(pid), "stopping the {server} that an earlier run left behind");
                let _ = kill_process(pid, signal);
                told.push(pid);
            }
            thread::sleep(LOOK_AGAIN);
            left = self::left(file, marks);
        }
    }
    match left.first() {
        None => Ok(()),
        Some(pid) => Err(Error::Leftover { server, pid: number(*pid) }),
    }
}

fn number(pid: Pid) -> u32 {
    pid.as_raw_pid().unsigned_abs()
}

/// What still runs: the process that the pid file names, and any that had no time to write one, since whoever started
/// it was killed in the same moment.
fn left(file: &Path, marks: &Marks) -> Vec<Pid> {
    let mut left: Vec<Pid> = pid_in(file).into_iter().chain(running()).collect();
    left.retain(|pid| is_the_one(*pid, marks));
    left.sort_by_key(|pid| pid.as_raw_pid());
    left.dedup();
    left
}

#[cfg(target_os = "linux")]
fn running() -> impl Iterator<Item = Pid> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let number = |process: fs::DirEntry| process.file_name().to_str()?.parse::<u32>().ok();
    processes.filter_map(number).filter_map(|number| Pid::from_raw(number.try_into().ok()?))
}

/// Elsewhere only the pid file is asked.
#[cfg(not(target_os = "linux"))]
fn running() -> impl Iterator<Item = Pid> {
    std::iter::empty()
}

/// The first line of a pid file; PostgreSQL's has more, and while it is made by initdb its number is negative.
fn pid_in(file: &Path) -> Option<Pid> {
    let text = fs::read_to_string(file).ok()?;
    let number: u32 = text.lines().next()?.trim().parse().ok()?;
    Pid::from_raw(number.try_into().ok()?)
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
