#!/usr/bin/env node
// Run in the root of a clean checkout: check-release.mjs vX.Y.Z
// Prints the changelog's entry of that version; when tag, manifest, lock and changelog disagree, says so and exits with 1.
import { readFileSync } from 'node:fs';

const FILES = { manifest: 'package.json', lock: 'package-lock.json', changelog: 'CHANGELOG.md' };
const HEADING = /^## \[?(Unreleased|\d+\.\d+\.\d+)\]?(?: [-–(].*)?$/;

/**
 * Compares a tag with the texts of the manifest, the lock and the changelog, and the manifest with the repository
 * (owner/name) that releases it, when one is given. `problems` are sentences; `notes` is the changelog's entry.
 */
function checkRelease({ tag, manifest, lock, changelog, repository }) {
  const [, version] = /^v((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})$/.exec(tag) ?? [];
  if (version === undefined) {
    return {
      problems: [`the tag ${JSON.stringify(tag)} is not vX.Y.Z: name it after the version`],
      notes: '',
    };
  }
  const { notes, problems } = notesOf(changelog, version);
  return {
    problems: [
      ...versionProblems(version, JSON.parse(manifest), JSON.parse(lock)),
      ...problems,
      ...repositoryProblems(JSON.parse(manifest), repository),
    ],
    notes,
  };
}

function versionProblems(version, manifest, lock) {
  const found = [
    [FILES.manifest, manifest.version],
    [FILES.lock, lock.version],
    [`${FILES.lock}, packages[""]`, lock.packages?.['']?.version],
  ];
  return found
    .filter(([, actual]) => actual !== version)
    .map(([where, actual]) => `${where} says ${actual}, the tag says ${version}: npm version sets them all`);
}

function notesOf(changelog, version) {
  const [pending, ...released] = sectionsOf(changelog);
  const newest = pending?.name === 'Unreleased' ? released[0] : pending;
  const problems = [];
  if (newest?.name !== version) {
    problems.push(
      `the newest version in ${FILES.changelog} is ${newest?.name ?? 'missing'}, not ${version}: head what was unreleased with "## ${version}"`,
    );
  } else if (newest.text === '') {
    problems.push(`the entry ${version} in ${FILES.changelog} is empty: say what changed for users`);
  }
  if (pending?.name === 'Unreleased' && pending.text !== '') {
    problems.push(`${FILES.changelog} has entries under "Unreleased": move them to ${version}`);
  }
  return { notes: newest?.text ?? '', problems };
}

function sectionsOf(changelog) {
  const parts = changelog.replaceAll('\r\n', '\n').split(/^(?=## )/m);
  return parts
    .filter((part) => part.startsWith('## '))
    .map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return { name: HEADING.exec(heading)?.[1] ?? heading.slice(3), text: lines.join('\n').trim() };
    });
}

/** Provenance is refused by the registry when the manifest names another repository than the one that builds. */
function repositoryProblems(manifest, repository) {
  if (repository === undefined || repository === '') return [];
  const url = typeof manifest.repository === 'string' ? manifest.repository : manifest.repository?.url;
  const [, named] = /github(?:\.com[/:]|:)([^/]+\/[^/]+?)(?:\.git)?$/.exec(url ?? '') ?? [];
  if (named?.toLowerCase() === repository.toLowerCase()) return [];
  return [
    `"repository" in ${FILES.manifest} is ${url ?? 'missing'}, but ${repository} releases: provenance needs them to agree`,
  ];
}

function main() {
  const texts = Object.fromEntries(
    Object.entries(FILES).map(([name, file]) => [name, readFileSync(file, 'utf8')]),
  );
  const repository = process.env['GITHUB_REPOSITORY'];
  const { problems, notes } = checkRelease({ tag: process.argv[2] ?? '', repository, ...texts });
  for (const problem of problems) process.stderr.write(`release: ${problem}\n`);
  if (problems.length === 0) process.stdout.write(`${notes}\n`);
  else process.exitCode = 1;
}

main();
