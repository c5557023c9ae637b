//! Takes the design system and the faces out of their npm packages.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The face that the design system asks for is not ours to use: text is set in
/// the reader's own.
const THEIR_FACE: &str = "GDS Transport,arial,sans-serif";
const OUR_FACE: &str = "system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Arial,sans-serif";

fn main() {
    let modules = Path::new("node_modules");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=package-lock.json");
    println!("cargo::rerun-if-changed=node_modules/.package-lock.json");
    let style = read(&modules.join("govuk-frontend/dist/govuk/govuk-frontend.min.css"));
    let style = String::from_utf8(style).expect("the design system's style is text");
    let style = without_faces(&style).replace(THEIR_FACE, OUR_FACE);
    let style = style.split("/*# sourceMappingURL").next().unwrap_or_default().to_owned();
    fs::write(out.join("govuk.css"), style).expect("OUT_DIR can be written");
    for (from, to) in [
        ("govuk-frontend/dist/govuk/govuk-frontend.min.js", "govuk.mjs"),
        (
            "@fontsource/bricolage-grotesque/files/bricolage-grotesque-latin-700-normal.woff2",
            "bricolage.woff2",
        ),
        // For certificates: PDF takes no WOFF.
        (
            "@expo-google-fonts/bricolage-grotesque/700Bold/BricolageGrotesque_700Bold.ttf",
            "bricolage-700.ttf",
        ),
        ("@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf", "noto-400.ttf"),
        ("@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf", "noto-700.ttf"),
    ] {
        let content = read(&modules.join(from));
        fs::write(out.join(to), content).expect("OUT_DIR can be written");
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| {
        panic!(
            "services/web/{} can't be read ({error}): run `make deps`, which installs what the pages need",
            path.display()
        )
    })
}

/// A style without the faces that it would load.
fn without_faces(style: &str) -> String {
    let mut rest = style;
    let mut kept = String::with_capacity(style.len());
    while let Some(at) = rest.find("@font-face{") {
        kept.push_str(&rest[..at]);
        let end = rest[at..].find('}').map_or(rest.len(), |end| at + end + 1);
        rest = &rest[end..];
    }
    kept + rest
}
