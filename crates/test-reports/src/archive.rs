//! Reports as artifacts arrive: compressed by `.gz`, or many in a `.zip`. Read in place, nothing is written.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::time::Instant;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use super::file_search::FoundFile;
use super::limits;
use super::line_column::Reopen;
use super::observer::{FileSummary, MeteredReader};
use super::report_file::{self, FileOutcome};
use super::shared_file::SharedFile;
use super::source::{Source, SourceError};
use super::text_sink::shorten;
use crate::{ReadOptions, Reruns};

/// Reads a file, or every report in it if it is an archive.
pub fn read_file_or_archive(found: &FoundFile, options: &ReadOptions) -> Vec<FileOutcome> {
    read_packed(found, options)
        .unwrap_or_else(|error| vec![FileOutcome::gap(&found.path, format!("cannot be read: {error}"))])
}

/// Reads a file by its packing, which its first bytes show and never its name.
fn read_packed(found: &FoundFile, options: &ReadOptions) -> io::Result<Vec<FileOutcome>> {
    let mut head = Vec::new();
    File::open(&found.location)?.take(4).read_to_end(&mut head)?;
    match head.as_slice() {
        [0x1F, 0x8B, ..] => {
            let open = |tell| {
                let file = File::open(&found.location)?;
                let size = file.metadata()?.len();
                Ok(BoundedInflater::new(MultiGzDecoder::new(MeteredReader::new(file, tell)), size))
            };
            read_single(found, options, open, |open, size| Source::of_packed(open, size))
        }
        // Local file header, empty archive, spanned archive.
        [b'P', b'K', 3 | 5 | 7, 4 | 6 | 8] => read_zip(found, options),
        _ => {
            let file = SharedFile::open(&found.location)?;
            let open = |tell| Ok(MeteredReader::new(file.begin(), tell));
            read_single(found, options, open, |open, size| Source::of_file(open, size))
        }
    }
}

/// Reads a report and measures the time.
fn read_timed<R: Read>(
    path: &str,
    reruns: Reruns,
    open: impl FnOnce() -> Result<Source<R>, SourceError>,
    again: &Reopen<'_>,
) -> FileOutcome {
    let began = Instant::now();
    let mut outcome = report_file::read_report_file(path, reruns, open(), again);
    let file = outcome.file.as_ref();
    outcome.summary = Some(FileSummary {
        path: path.to_owned(),
        format: file.map(|file| (file.format, file.encoding.clone())),
        tests: file.map_or(0, |file| file.tests.len()),
        bytes: outcome.bytes,
        time: began.elapsed(),
    });
    outcome
}

/// Receives the number of bytes of each read, from any thread.
type Tell = Box<dyn Fn(u64) + Send>;

/// Makes a source from an opener and the size of the file in bytes.
type Begin<R> = fn(&mut dyn FnMut() -> io::Result<R>, u64) -> Result<Source<R>, SourceError>;

/// Reads a file that is one report, as `open` opens it.
fn read_single<R: Read>(
    found: &FoundFile,
    options: &ReadOptions,
    open: impl Fn(Tell) -> io::Result<R>,
    begin: Begin<R>,
) -> io::Result<Vec<FileOutcome>> {
    let size = std::fs::metadata(&found.location)?.len();
    let mut first = || {
        let observer = options.observer.clone();
        open(Box::new(move |bytes| {
            if let Some(observer) = &observer {
                observer.has_read(bytes);
            }
        }))
    };
    Ok(vec![read_timed(&found.path, options.reruns, || begin(&mut first, size), &|then| {
        then(&mut open(Box::new(|_| {}))?);
        Ok(())
    })])
}

/// Reads the members of an archive that have the name of a report.
///
/// A member that turns out to be something else, such as a coverage report, is a warning and not a gap, since no glob
/// asked for it. So is a member that may hold reports and was not read.
fn read_zip(found: &FoundFile, options: &ReadOptions) -> io::Result<Vec<FileOutcome>> {
    let open = || ZipArchive::new(BufReader::new(File::open(&found.location)?)).map_err(io::Error::from);
    let mut archive = open()?;
    // A hostile directory can list millions of empty members in a small file.
    if archive.len() > limits::MEMBERS {
        let what = format!("more than {} members in an archive (limit)", limits::MEMBERS);
        return Ok(vec![FileOutcome::gap(&found.path, what)]);
    }
    let (mut outcomes, mut unread) = (Vec::new(), Vec::new());
    // Only the last of two members with one name can be opened. The other one may hold a failure.
    if archive.has_duplicate_names() {
        let what = "two members of one name: only the last of them can be read".to_owned();
        outcomes.push(FileOutcome::gap(&found.path, what));
    }
    for index in 0..archive.len() {
        let about = archive.by_index_data(index)?;
        let name = about.name()?.into_owned();
        if about.is_dir() {
            continue;
        }
        if !can_be_report(&name) {
            unread.extend((!has_extension(&name, &OTHERS)).then_some(name));
            continue;
        }
        let size = about.compressed_size();
        // A member's name is untrusted: it is shown, and nothing is ever opened by it.
        let path = format!("{}!/{}", found.path, name.trim_start_matches('/'));
        if !about.is_file() {
            outcomes.push(FileOutcome::gap(&path, "a link in an archive is not followed".to_owned()));
            continue;
        }
        let member = match archive.by_index(index) {
            Ok(member) => unpack_member(&name, member, size),
            Err(error) => {
                outcomes.push(FileOutcome::gap(&path, format!("cannot be read: {error}")));
                continue;
            }
        };
        let again = |then: &mut dyn FnMut(&mut dyn Read)| {
            let mut archive = open()?;
            then(&mut unpack_member(&name, archive.by_index(index)?, size));
            Ok(())
        };
        let mut outcome = read_timed(&path, options.reruns, || Source::new(member), &again);
        if let Some(observer) = &options.observer {
            observer.has_read(size);
        }
        if let Some(what) = outcome.something_else.take() {
            // An artifact also has other files: no evidence is missing.
            outcome.gaps.clear();
            outcome.warnings.push(format!("{path}: {what}"));
        }
        outcomes.push(outcome);
    }
    if outcomes.iter().all(|outcome| outcome.file.is_none() && outcome.gaps.is_empty()) {
        outcomes.push(FileOutcome::gap(&found.path, "there is no test report in the archive".to_owned()));
    }
    let warnings = unread_members_warning(&found.path, &unread).into_iter().collect();
    outcomes.push(FileOutcome { warnings, ..FileOutcome::default() });
    Ok(outcomes)
}

/// Number of members that a warning names.
const NAMED: usize = 5;

/// Returns a warning about skipped members that may hold reports, such as an archive in the archive.
fn unread_members_warning(path: &str, names: &[String]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let quoted: Vec<String> =
        names.iter().take(NAMED).map(|name| format!("`{}`", shorten(name, limits::NAME_CHARS))).collect();
    let more = match names.len() - quoted.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = "members that are not read, as no report has such a name";
    Some(format!("{path}: {what}: {}{more}", quoted.join(", ")))
}

/// Endings of files that often accompany reports and never are one.
const OTHERS: [&str; 16] = [
    "html", "htm", "css", "js", "map", "md", "png", "jpg", "jpeg", "gif", "svg", "ico", "woff", "woff2",
    "ttf", "pdf",
];

/// Endings of reports.
const ENDINGS: [&str; 9] = ["xml", "junit", "nunit", "xunit", "trx", "tap", "json", "jsonl", "ndjson"];

/// Returns `true` if a member has the name of a report, also of a compressed one.
fn can_be_report(name: &str) -> bool {
    has_extension(if is_packed(name) { &name[..name.len() - PACKED.len()] } else { name }, &ENDINGS)
}

/// Returns `true` if a member's name has one of these endings.
fn has_extension(name: &str, endings: &[&str]) -> bool {
    let extension = name.rsplit(['/', '\\']).next().and_then(|file| file.rsplit_once('.')).map(|(_, e)| e);
    extension.is_some_and(|e| endings.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

/// Ending of a compressed report.
const PACKED: &str = ".gz";

/// Returns `true` if a member has the name of a compressed file.
fn is_packed(name: &str) -> bool {
    name.len()
        .checked_sub(PACKED.len())
        .and_then(|at| name.get(at..))
        .is_some_and(|e| e.eq_ignore_ascii_case(PACKED))
}

/// Returns the content of a member, decompressed twice if the member itself is compressed.
fn unpack_member<'m>(name: &str, member: impl Read + 'm, size: u64) -> Box<dyn Read + 'm> {
    let once = BoundedInflater::new(member, size);
    if is_packed(name) {
        Box::new(BoundedInflater::new(MultiGzDecoder::new(once), size))
    } else {
        Box::new(once)
    }
}

/// Output of a decompressor, within the limits.
struct BoundedInflater<R> {
    inner: R,
    packed: u64,
    made: u64,
}

impl<R> BoundedInflater<R> {
    /// Limits what `inner` inflates `packed` bytes to.
    fn new(inner: R, packed: u64) -> Self {
        Self { inner, packed, made: 0 }
    }
}

impl<R: Read> Read for BoundedInflater<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(into)?;
        self.made += count as u64;
        // A small report of repeated lines compresses extremely well, so the ratio only counts beyond a size.
        let allowed = self.packed.saturating_mul(limits::INFLATION).max(limits::INFLATED_FREELY);
        let limit = if self.made > limits::INFLATED_BYTES {
            format!("inflates to more than {} bytes (limit)", limits::INFLATED_BYTES)
        } else if self.made > allowed {
            format!("inflates to more than {} times its size (limit)", limits::INFLATION)
        } else {
            return Ok(count);
        };
        Err(io::Error::new(io::ErrorKind::QuotaExceeded, limit))
    }
}
