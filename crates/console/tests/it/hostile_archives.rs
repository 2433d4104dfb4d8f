//! Archives that somebody made to hurt: refused with a clear text, and nothing is made.

use std::io::Write;

use console::archive::Archive;
use flate2::Compression;
use flate2::write::GzEncoder;
use tar::{EntryType, Header};

use crate::app::{App, column};
use crate::transfer::send;

const FILE: &str =
    "format = 1\n[project]\nid = \"3f0c1f6e-0a5b-4d63-9d5e-2f6a8f0c9b11\"\nname = \"Hostile\"\n";
const ID: &str = "9a4f1f6e-0a5b-4d63-9d5e-2f6a8f0c9b22";

/// One raw entry, whatever its path says.
fn entry(tar: &mut Vec<u8>, path: &[u8], kind: EntryType, content: &[u8]) {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..path.len()].copy_from_slice(path);
    header.set_size(content.len() as u64);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    if kind == EntryType::Symlink || kind == EntryType::Link {
        header.set_link_name("/etc/passwd").unwrap();
    }
    header.set_cksum();
    tar.extend_from_slice(header.as_bytes());
    tar.extend_from_slice(content);
    tar.resize(tar.len().next_multiple_of(512), 0);
}

fn gzip(mut tar: Vec<u8>) -> Vec<u8> {
    tar.extend([0; 1024]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&tar).unwrap();
    gzip.finish().unwrap()
}

fn with(path: &[u8], kind: EntryType, content: &[u8]) -> Vec<u8> {
    let mut tar = Vec::new();
    entry(&mut tar, b"forebay.toml", EntryType::Regular, FILE.as_bytes());
    entry(&mut tar, path, kind, content);
    gzip(tar)
}

fn project(toml: &str, files: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = Archive::default();
    archive.files.insert("forebay.toml".to_owned(), toml.as_bytes().to_vec());
    for (path, content) in files {
        archive.files.insert((*path).to_owned(), content.as_bytes().to_vec());
    }
    archive.pack().unwrap()
}

#[tokio::test]
async fn every_kind_of_hostile_archive_is_refused() {
    let app = App::new().await;
    let mut many = Vec::new();
    for at in 0..10_000 {
        entry(&mut many, format!("f{at}").as_bytes(), EntryType::Regular, b"");
    }
    let mut bomb = Vec::new();
    let mut gz = GzEncoder::new(&mut bomb, Compression::best());
    let mut header = Header::new_ustar();
    header.set_path("forebay.toml").unwrap();
    header.set_size(8 << 30);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    gz.write_all(header.as_bytes()).unwrap();
    for _ in 0..300 {
        gz.write_all(&vec![0; 1 << 20]).unwrap();
    }
    gz.finish().unwrap();
    let whole = project(FILE, &[]);
    let long = [b'a'; 99];
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("nothing", Vec::new(), 422),
        ("no gzip", b"PK\x03\x04 a zip".to_vec(), 422),
        ("no tar", gzip(vec![7; 2000]), 422),
        ("cut off", whole[..whole.len() - 20].to_vec(), 422),
        ("up", with(b"../evil.bpmn", EntryType::Regular, b"x"), 422),
        ("up in the middle", with(b"processes/../../evil", EntryType::Regular, b"x"), 422),
        ("absolute", with(b"/etc/cron.d/evil", EntryType::Regular, b"x"), 422),
        ("backslash", with(b"..\\evil", EntryType::Regular, b"x"), 422),
        ("drive", with(b"C:evil", EntryType::Regular, b"x"), 422),
        ("newline", with(b"a\nb", EntryType::Regular, b"x"), 422),
        ("not UTF-8", with(b"a\xff", EntryType::Regular, b"x"), 422),
        ("symbolic link", with(b"processes/a.bpmn", EntryType::Symlink, b""), 422),
        ("hard link", with(b"processes/a.bpmn", EntryType::Link, b""), 422),
        ("device", with(b"dev", EntryType::Block, b""), 422),
        ("pipe", with(b"fifo", EntryType::Fifo, b""), 422),
        ("twice", with(b"forebay.toml", EntryType::Regular, FILE.as_bytes()), 422),
        ("twice by another path", with(b"./forebay.toml", EntryType::Regular, FILE.as_bytes()), 422),
        ("too many", gzip(many), 413),
        ("bomb", bomb, 413),
        ("too large", vec![0; 32 * 1024 * 1024 + 1], 413),
        (
            "a long name that says 8 GiB",
            {
                let mut tar = Vec::new();
                let mut header = Header::new_gnu();
                header.as_old_mut().name[..99].copy_from_slice(&long);
                header.set_size(8 << 30);
                header.set_entry_type(EntryType::GNULongName);
                header.set_cksum();
                tar.extend_from_slice(header.as_bytes());
                gzip(tar)
            },
            422,
        ),
    ];
    for (name, bytes, status) in cases {
        let answer = send(&app, "projects/import", None, bytes).await;
        let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
        assert_eq!(answer.status.as_u16(), status, "{name}: {detail}");
        assert!(detail.len() > 20 && detail.len() < 400, "{name}: {detail}");
        answer.refused(status);
    }
    assert_eq!(column(&app.get("projects").await.good(), "name"), Vec::<String>::new(), "something was made");
}

#[tokio::test]
async fn every_fault_in_the_project_file_is_named() {
    let app = App::new().await;
    let source =
        |rest: &str| format!("{FILE}[[data-source]]\nid = \"{ID}\"\ntype = \"incomingWebhook\"\n{rest}\n");
    let process = |rest: &str| format!("{FILE}[[process]]\nid = \"{ID}\"\nname = \"intake\"\n{rest}\n");
    let good = source("name = \"orders\"");
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (project("", &[]), "forebay.toml"),
        (Archive::default().pack().unwrap(), "forebay.toml"),
        (project("format = 1\nother = 2\n", &[]), "forebay.toml"),
        (project(&FILE.replace("format = 1", "format = 2"), &[]), "forebay.toml"),
        (project(&FILE.replace("Hostile", ""), &[]), "project.name"),
        (project(&FILE.replace("Hostile", "a\\u202Eb"), &[]), "project.name"),
        (project(&source("name = \"a b\""), &[]), "data-source/0/name"),
        (
            project(&source("name = \"orders\"\nredacted-headers = [\"a b\"]"), &[]),
            "data-source/0/redactedHeaders/0",
        ),
        (project(&source("name = \"orders\"\nidempotency-key = \"x\""), &[]), "data-source/0/idempotencyKey"),
        (
            project(&source(&format!("name = \"orders\"\ndescription = \"{}\"", "x".repeat(501))), &[]),
            "data-source/0/description",
        ),
        (project(&good.replace("incomingWebhook", "kafka"), &[]), "data-source/0/type"),
        (project(&process("file = \"processes/none.bpmn\""), &[]), "process/0/file"),
        (project(&process("file = \"../../etc/passwd\""), &[]), "process/0/file"),
        (project(&process("file = \"a.bpmn\""), &[("a.bpmn", "<a/>")]), "process/0/file"),
        (
            project(
                &format!(
                    "{good}{}",
                    good.replace(FILE, "")
                        .replace(ID, "9a4f1f6e-0a5b-4d63-9d5e-2f6a8f0c9b33")
                        .replace("orders", "ORDERS")
                ),
                &[],
            ),
            "name",
        ),
        (project(&format!("{good}{}", good.replace(FILE, "").replace("orders", "other")), &[]), "id"),
    ];
    for (at, (bytes, field)) in cases.into_iter().enumerate() {
        let answer = send(&app, "projects/import", None, bytes).await;
        let errors = answer.json()["errors"].clone();
        assert_eq!(errors[0]["field"], field, "{at}: {errors}");
        answer.refused(422);
    }
    // no toml, another type, compressed once more
    let request = app.request("POST", "projects/import").header("content-type", "application/zip");
    app.send(request.body("x".into()).unwrap()).await.refused(415);
    // a folder around it, as hosts of git repositories pack, and files that nobody asked for
    let mut around = Archive::default();
    around.files.insert("repo-main/forebay.toml".to_owned(), good.into_bytes());
    around.files.insert("repo-main/README.md".to_owned(), b"Read me".to_vec());
    send(&app, "projects/import", None, around.pack().unwrap()).await.good();
}
