import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';
import { readText } from '../support/project.js';

type Job = { readonly name: string; readonly text: string };

const FOLDER = '.github/workflows';
const names = readdirSync(join(ROOT, FOLDER));
const workflows = names.map((name) => ({ name, text: withoutComments(readText(`${FOLDER}/${name}`)) }));

describe.each(workflows)('the workflow $name', ({ name, text }) => {
  const jobs = jobsOf(text);

  it('uses actions by commit, and says which version that is', () => {
    const used = usesOf(readText(`${FOLDER}/${name}`));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((one) => !/^[\w-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one))).toEqual([]);
  });

  it('may read the code and nothing else, unless a job says so', () => {
    expect(/^permissions:\n((?: {2}.*\n)+)/m.exec(text)?.[1]).toBe('  contents: read\n');
  });

  it('starts by itself only for what is in the repository, without secrets', () => {
    expect(text).not.toMatch(/pull_request_target|workflow_run|issue_comment|repository_dispatch/);
    expect(text).not.toMatch(/secrets\b/);
  });

  it('puts nothing that others can name into a command', () => {
    expect(commandsOf(text).length).toBeGreaterThan(3);
    expect(commandsOf(text).filter((command) => command.includes('${{'))).toEqual([]);
    const inserted = [...text.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map(([, expression]) => expression ?? '');
    const known =
      /^(?:github\.(?:workflow|ref|token|repository)|matrix\.node|runner\.temp|(?:steps|needs)\.[\w-]+\.outputs\.\w+)$/;
    expect(inserted.filter((expression) => !known.test(expression))).toEqual([]);
  });

  it('leaves no token in a checkout and runs no script of a package', () => {
    const checkouts = text.split(/^ {6}- /m).filter((step) => step.includes('uses: actions/checkout@'));
    expect(checkouts.filter((step) => !step.includes('persist-credentials: false'))).toEqual([]);
    const installs = commandsOf(text).filter((command) =>
      /\bnpm (?:ci|i|install|update|exec)\b|\bnpx\b/.test(command),
    );
    expect(new Set(installs)).toEqual(new Set(['npm ci --ignore-scripts']));
  });

  it('gives every job an end', () => {
    expect(jobs.length).toBeGreaterThan(1);
    expect(
      jobs.filter((job) => !/^ {4}timeout-minutes: \d+$/m.test(job.text)).map((job) => job.name),
    ).toEqual([]);
  });
});

it('all workflows use the same commit of an action', () => {
  const commits = new Set(names.flatMap((name) => usesOf(readText(`${FOLDER}/${name}`))));
  const actions = [...commits].map((one) => one.split('@')[0]);
  expect(actions).toHaveLength(new Set(actions).size);
});

describe('the release', () => {
  const text = workflows.find(({ name }) => name === 'release.yml')?.text ?? '';
  const jobs = jobsOf(text);

  it('begins with a version tag', () => {
    expect(/^on:\n((?: {2}.*\n)+)/m.exec(text)?.[1]).toBe("  push:\n    tags: ['v[0-9]+.[0-9]+.[0-9]+']\n");
  });

  it('does nothing before tag, version and changelog are compared', () => {
    const [first, ...others] = jobs;
    expect(commandsOf(first?.text ?? '')[0]).toBe('node scripts/check-release.mjs "$GITHUB_REF_NAME"');
    expect(needsOf(first)).toEqual([]);
    expect(others.filter((job) => !waitsFor(job, first?.name ?? '', jobs)).map((job) => job.name)).toEqual(
      [],
    );
  });

  it('publishes what was audited, tested and packed', () => {
    const publish = jobs.find((job) => job.name === 'publish');
    for (const needed of ['audit', 'test', 'package']) expect(waitsFor(publish, needed, jobs)).toBe(true);
    const commands = commandsOf(text);
    for (const needed of ['npm audit signatures', 'npm audit --omit dev', 'npm run check', 'npm test'])
      expect(commands).toContain(needed);
  });

  it('lets one job show who it is and one job write releases', () => {
    const rights = jobs.flatMap((job) =>
      [...job.text.matchAll(/^ {6}([a-z-]+): (write|read)$/gm)].map(([, right, access]) => [
        job.name,
        right,
        access,
      ]),
    );
    expect(rights).toEqual([
      ['publish', 'id-token', 'write'],
      ['github-release', 'contents', 'write'],
    ]);
  });

  it('runs no code of the project or its dependencies where it may do so', () => {
    const trusted = jobs.filter((job) => /^ {6}[a-z-]+: write$/m.test(job.text));
    expect(trusted).toHaveLength(2);
    for (const { text: steps } of trusted) {
      expect(steps).not.toMatch(/actions\/checkout@|\bnode |npm (?:ci|run|test|pack)\b/);
      expect(steps).toMatch(/sha256sum --check --strict SHA256SUMS/);
    }
    const publish = commandsOf(text).filter((command) => command.includes('npm publish'));
    expect(publish).toHaveLength(1);
    expect(publish[0]).toMatch(/--provenance\b.*--ignore-scripts\b/);
  });

  it('takes nothing from a cache', () => {
    const setups = text.split('uses: actions/setup-node@').slice(1);
    expect(setups.length).toBeGreaterThan(3);
    expect(setups.filter((setup) => !/^.*\n.*\n.*\n +package-manager-cache: false\n/.test(setup))).toEqual(
      [],
    );
    expect(text).not.toMatch(/^ +cache:|actions\/cache/m);
  });
});

function withoutComments(text: string): string {
  return text.replace(/^ *#.*\n/gm, '').replace(/ +# .*$/gm, '');
}

function usesOf(text: string): readonly string[] {
  return [...text.matchAll(/^ *(?:- )?uses: *(.*)$/gm)].map(([, used]) => used ?? '');
}

/** The jobs in the order in which they stand there. */
function jobsOf(text: string): readonly Job[] {
  const [, jobs = ''] = text.split(/^jobs:\n/m);
  return jobs
    .split(/^ {2}(?=[\w-]+:\n)/m)
    .slice(1)
    .map((job) => ({ name: job.slice(0, job.indexOf(':')), text: job }));
}

/** What is run, in order: a line, or a block of lines joined by line ends. */
function commandsOf(text: string): readonly string[] {
  return [...text.matchAll(/^( *)(?:- )?run: *(?:[|>][+-]?\n((?:\1 +.*\n|\n)+)|(.*))/gm)].map(
    ([, , block, line]) => (block ?? line ?? '').replace(/^ +/gm, '').trim(),
  );
}

function needsOf(job: Job | undefined): readonly string[] {
  const [, list = ''] = /^ {4}needs: (.*)$/m.exec(job?.text ?? '') ?? [];
  return list.match(/[\w-]+/g) ?? [];
}

function waitsFor(job: Job | undefined, needed: string, jobs: readonly Job[]): boolean {
  return needsOf(job).some(
    (name) =>
      name === needed ||
      waitsFor(
        jobs.find((one) => one.name === name),
        needed,
        jobs,
      ),
  );
}
