import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder, ROOT } from '../support/cli.js';
import { packageName, readJson, readLock, type Manifest } from '../support/project.js';

type Said = { readonly code: number; readonly stdout: string; readonly stderr: string };

type Release = {
  readonly tag?: string;
  readonly version?: string;
  readonly lockVersion?: string;
  readonly rootVersion?: string;
  readonly changelog?: string;
  readonly url?: string | undefined;
  readonly repository?: string;
};

type Sbom = {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
    readonly licenses?: readonly unknown[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
};

const CHANGELOG = '# Changelog\n\n## 1.4.0 (2026-11-23)\n\n- A change.\n- Another.\n\n## 1.3.0\n\n- Old.\n';

function runScript(script: string, args: readonly string[], cwd: string, repository = ''): Promise<Said> {
  return new Promise((resolve) => {
    const env = { ...process.env, GITHUB_REPOSITORY: repository };
    execFile(
      process.execPath,
      [join(ROOT, 'scripts', script), ...args],
      { cwd, env, maxBuffer: 64 << 20 },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      },
    );
  });
}

function check(release: Release): Promise<Said> {
  const { tag = 'v1.4.0', version = '1.4.0', lockVersion = version, rootVersion = version } = release;
  const { changelog = CHANGELOG, url, repository } = release;
  return inTemporaryFolder(async (folder) => {
    const files = {
      'package.json': JSON.stringify({
        name: 'x',
        version,
        ...(url !== undefined && { repository: { url } }),
      }),
      'package-lock.json': JSON.stringify({
        version: lockVersion,
        packages: { '': { version: rootVersion } },
      }),
      'CHANGELOG.md': changelog,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return runScript('check-release.mjs', [tag], folder, repository);
  });
}

describe('the check of a release', () => {
  it.each([
    ['with a date', CHANGELOG],
    ['with nothing unreleased', CHANGELOG.replace('## 1.4.0', '## Unreleased\n\n## 1.4.0')],
    ['in brackets, with other line ends', CHANGELOG.replace('1.4.0', '[1.4.0]').replaceAll('\n', '\r\n')],
  ])('passes when all agree, and gives the entry of the changelog: %s', async (_, changelog) => {
    expect(await check({ changelog })).toEqual({ code: 0, stdout: '- A change.\n- Another.\n', stderr: '' });
  });

  it.each<[string, Release, RegExp]>([
    ['no tag', { tag: '' }, /the tag "" is not vX\.Y\.Z/],
    ['a tag without v', { tag: '1.4.0' }, /is not vX\.Y\.Z/],
    ['a prerelease', { tag: 'v1.4.0-rc.1' }, /is not vX\.Y\.Z/],
    ['a tag with a line end', { tag: 'v1.4.0\n' }, /the tag "v1\.4\.0\\n" is not/],
    ['a tag with leading zeros', { tag: 'v01.4.0' }, /is not vX\.Y\.Z/],
    ['another tag', { tag: 'v1.4.1' }, /package\.json says 1\.4\.0, the tag says 1\.4\.1/],
    ['a lock that lags', { lockVersion: '1.3.0' }, /^release: package-lock\.json says 1\.3\.0/],
    ['a lock whose root lags', { rootVersion: '1.3.0' }, /^release: package-lock\.json, packages\[""\] says/],
    ['no entry', { changelog: '# Changelog\n' }, /the newest version in CHANGELOG\.md is missing/],
    [
      'an older entry on top',
      { changelog: CHANGELOG.replace('## 1.4.0', '## 1.3.9\n\n- Late.\n\n## 1.4.0') },
      /the newest version in CHANGELOG\.md is 1\.3\.9, not 1\.4\.0/,
    ],
    [
      'an empty entry',
      { changelog: '## 1.4.0\n\n## 1.3.0\n\n- Old.\n' },
      /the entry 1\.4\.0 .* is empty: say what changed/,
    ],
    [
      'what is unreleased still',
      { changelog: CHANGELOG.replace('## 1.4.0', '## Unreleased\n\n- New.\n\n## 1.4.0') },
      /entries under "Unreleased": move them to 1\.4\.0/,
    ],
    ['no repository', { repository: 'owner/name' }, /"repository" in package\.json is missing/],
    [
      'another repository',
      { repository: 'owner/name', url: 'git+https://github.com/other/name.git' },
      /is git\+https:\/\/github\.com\/other\/name\.git, but owner\/name releases/,
    ],
  ])('refuses %s', async (_, release, message) => {
    const { code, stdout, stderr } = await check(release);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([1, '']);
  });

  it.each(['git+https://github.com/owner/name.git', 'https://github.com/Owner/name', 'github:owner/name'])(
    'knows the repository by %s',
    async (url) => {
      expect((await check({ url, repository: 'owner/name' })).stderr).toBe('');
    },
  );

  it('says everything that is wrong at once', async () => {
    const { stderr } = await check({ tag: 'v2.0.0', repository: 'owner/name' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(5);
  });
});

describe('the SBOM', async () => {
  const { code, stdout, stderr } = await runScript('sbom.mjs', [], ROOT);
  const sbom = (code === 0 ? JSON.parse(stdout) : {}) as Sbom;
  const { name, version, dependencies = {} } = readJson('package.json') as Manifest;

  it('is CycloneDX, of this package and version', () => {
    expect([code, stderr]).toEqual([0, '']);
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: expect.stringMatching(/^1\.\d$/) });
    expect(sbom.metadata.component).toMatchObject({ name, version });
  });

  it('has every package of a production installation and no other', () => {
    const locked = readLock().production.map(([path, entry]) => `${packageName(path)}@${entry.version}`);
    const components = sbom.components.map((component) => `${component.name}@${component.version}`);
    expect(locked).toEqual(expect.arrayContaining([`zod@${dependencies['zod']}`]));
    expect([...components].sort()).toEqual([...new Set(locked)].sort());
  });

  it('says of each where it comes from, its hash and its license', () => {
    const hashes = new Map(
      readLock().production.map(([path, { version: locked, integrity = '' }]) => [
        `${packageName(path)}@${locked}`,
        Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex'),
      ]),
    );
    const vague = sbom.components.filter((component) => {
      const { alg, content } = component.hashes?.[0] ?? {};
      const known = alg === 'SHA-512' && content === hashes.get(`${component.name}@${component.version}`);
      return !known || !component.purl.startsWith('pkg:npm/') || component.licenses?.length !== 1;
    });
    expect(vague.map((component) => component.name)).toEqual([]);
  });

  it('tells what depends on what', () => {
    const own = sbom.dependencies.find(({ ref }) => ref === `${name}@${version}`);
    const direct = Object.entries(dependencies).map(([dependency, range]) => `${dependency}@${range}`);
    expect([...(own?.dependsOn ?? [])].sort()).toEqual(direct.sort());
  });
});
