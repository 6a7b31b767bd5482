//! Bytes inside of a JUnit suite.

#![no_main]

mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check::check(&[b"<testsuite name=\"S\"><testcase name=\"a\">", data, b"</testcase></testsuite>"].concat());
});
