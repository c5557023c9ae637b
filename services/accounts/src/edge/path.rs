//! Public paths: `/api/<service>/…`, of which only the programmes and the
//! description are for the public; a service's own doors (`/head`, `/readyz`)
//! are not.

use axum::http::Method;
use plaudit_chassis::http::{MOST_BYTES, MOST_FILE, MOST_PART};
use plaudit_chassis::id::ProgrammeId;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route<'a> {
    /// The first segment after `/api/`.
    pub service: &'a str,
    /// The rest, from its slash on: what the service sees.
    pub path: &'a str,
    /// About what.
    pub about: About,
}

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The service's description.
    Description,
    /// Programmes as such: their list, or a new one.
    Programmes,
    /// One programme.
    Programme(ProgrammeId),
}

impl Route<'_> {
    /// The most bytes that a body may have here: files are larger than words.
    pub fn most_bytes(&self, method: &Method) -> usize {
        let segments: Vec<&str> = self.path.split('/').skip(1).collect();
        match (self.service, method.as_str(), segments.as_slice()) {
            ("submissions", "PUT", ["programmes", _, "drafts", _, "attachments"]) => MOST_FILE,
            ("submissions", "PATCH", ["programmes", _, "drafts", _, "attachments", _]) => MOST_PART,
            _ => MOST_BYTES,
        }
    }
}

/// Reads a public path. `None`: there is nothing there for the public.
pub fn read(path: &str) -> Option<Route<'_>> {
    let whole = path.strip_prefix("/api/")?;
    let (service, rest) = whole.split_once('/')?;
    let about = about(rest)?;
    Some(Route { service, path: &whole[service.len()..], about })
}

fn about(rest: &str) -> Option<About> {
    if rest == "openapi.json" {
        return Some(About::Description);
    }
    // A client that tidies paths must not make another of one that was checked.
    if rest.split('/').any(|segment| segment.is_empty() || is_dots(segment)) {
        return None;
    }
    let mut segments = rest.split('/');
    match (segments.next()?, segments.next()) {
        ("programmes", None) => Some(About::Programmes),
        ("programmes", Some(id)) => id.parse().ok().map(About::Programme),
        _ => None,
    }
}

/// `.` and `..`, however they are written.
fn is_dots(segment: &str) -> bool {
    let plain = segment.to_ascii_lowercase().replace("%2e", ".");
    plain == "." || plain == ".."
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ID: &str = "0193e4a2-0000-8000-8000-000000000001";

    fn about_of(rest: &str) -> Option<About> {
        read(&format!("/api/scoring/{rest}")).map(|route| route.about)
    }

    #[test]
    fn a_path_names_service_and_programme() {
        let path = format!("/api/scoring/programmes/{ID}/rounds/den/lock");
        let route = read(&path).unwrap();
        assert_eq!(route.service, "scoring");
        assert_eq!(route.path, format!("/programmes/{ID}/rounds/den/lock"));
        assert_eq!(route.about, About::Programme(ID.parse().unwrap()));
        assert_eq!(about_of(&format!("programmes/{ID}")), Some(About::Programme(ID.parse().unwrap())));
        assert_eq!(about_of("programmes"), Some(About::Programmes));
        assert_eq!(about_of("openapi.json"), Some(About::Description));
    }

    #[test]
    fn only_files_may_be_large() {
        let most = |method, rest: &str| read(&format!("/api/{rest}")).unwrap().most_bytes(&method);
        let files = format!("submissions/programmes/{ID}/drafts/{ID}/attachments");
        assert_eq!(most(Method::PUT, &files), MOST_FILE);
        assert_eq!(most(Method::PATCH, &format!("{files}/{ID}")), MOST_PART);
        for (method, rest) in [
            (Method::POST, files.clone()),
            (Method::PUT, format!("{files}/{ID}")),
            (Method::PUT, format!("submissions/programmes/{ID}/drafts/{ID}")),
            (Method::PUT, files.replace("submissions", "scoring")),
            (Method::PATCH, format!("{files}/{ID}/completion")),
        ] {
            assert_eq!(most(method, &rest), MOST_BYTES, "{rest}");
        }
    }

    #[test]
    fn a_services_own_doors_are_not_public() {
        for rest in [
            "within/members",
            "head",
            "livez",
            "readyz",
            "",
            "openings/1",
            "programmes/",
            "programmes/not-an-id",
        ] {
            assert_eq!(about_of(rest), None, "{rest}");
        }
        assert_eq!(read("/api/scoring"), None);
        assert_eq!(read("/other"), None);
    }

    #[test]
    fn no_way_leads_back_up() {
        for up in ["..", ".", "%2e%2e", "%2E.", ".%2e", "%2e", ""] {
            assert_eq!(about_of(&format!("programmes/{ID}/{up}/head")), None, "{up:?}");
        }
    }
}
