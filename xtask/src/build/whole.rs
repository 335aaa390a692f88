//! Whether a WebAssembly module is all there. Not a validator: what is inside the sections is not looked at.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

/// What a module begins with: its name and its version.
const MAGIC: &[u8] = b"\0asm\x01\0\0\0";

/// On a full disk the optimizer leaves a part of a module and says nothing.
///
/// # Errors
/// The file does not begin as a module does, or its sections do not end where the file does.
pub(super) fn check(wasm: &Path) -> Result<()> {
    let bytes = fs::read(wasm)?;
    ensure!(is_whole(&bytes), "`{}` is not a whole module; is the disk full?", wasm.display());
    Ok(())
}

fn is_whole(bytes: &[u8]) -> bool {
    bytes.strip_prefix(MAGIC).is_some_and(|sections| !sections.is_empty() && sections_end(sections))
}

/// Does the last section end with the bytes? Each is its kind, its length (seven bits a byte, the least first), and that much.
fn sections_end(mut bytes: &[u8]) -> bool {
    while let Some((_kind, mut rest)) = bytes.split_first() {
        let (mut length, mut shift) = (0_u64, 0_u32);
        loop {
            let Some((&byte, after)) = rest.split_first() else { return false };
            rest = after;
            length |= u64::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 {
                break;
            }
            if shift > 28 {
                return false;
            }
        }
        let Some(after) = usize::try_from(length).ok().and_then(|length| rest.get(length..)) else { return false };
        bytes = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_was_cut_anywhere_is_not_whole() {
        // A custom section of 200 bytes, whose length takes two, and an empty one.
        let module = [MAGIC, &[0, 0xc8, 0x01], &[7; 200], &[1, 0]].concat();
        assert!(is_whole(&module));
        let whole_before = module.len() - 2;
        for end in (0..module.len()).filter(|end| *end != whole_before) {
            assert!(!is_whole(&module[..end]), "{end}");
        }
        assert!(!is_whole(&[0; 300]));
    }
}
