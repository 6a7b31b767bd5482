//! Bytes inside of the list of tests of a CTRF report.

#![no_main]

mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check::check(&[b"{\"results\":{\"summary\":{\"tests\":1},\"tests\":[", data, b"]}}"].concat());
});
