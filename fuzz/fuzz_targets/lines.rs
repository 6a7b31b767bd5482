//! Lines after a first one that makes them TAP, go test or cargo test.

#![no_main]

mod check;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for first in ["TAP version 14\n", "{\"Action\":\"start\",\"Package\":\"p\"}\n", "{\"type\":\"suite\",\"event\":\"started\",\"test_count\":1}\n"] {
        check::check(&[first.as_bytes(), data].concat());
    }
});
