#!/usr/bin/env bash
# Installs a packed snapcapi into an empty project, runs its command and compiles a program against its types.
# Usage: try-package.sh snapcapi-X.Y.Z.tgz
set -euo pipefail
tarball=$(realpath "$1")
typescript=$(node -p "require('$PWD/node_modules/typescript/package.json').version")
node_types=$(node -p "require('$PWD/node_modules/@types/node/package.json').version")
expected=$(node -p "require('$PWD/package.json').version")

project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
npm init --yes >/dev/null
npm pkg set type=module
npm install --no-audit --no-fund --loglevel=error "$tarball"

version=$(npx --no-install snapcapi --version)
[ "$version" = "$expected" ] || { echo "snapcapi --version says $version, not $expected" >&2; exit 1; }

cat >main.ts <<'TS'
import { exportRows } from 'snapcapi';
import type { RunSummary } from 'snapcapi';

const run: (options: Parameters<typeof exportRows>[0]) => Promise<RunSummary> = exportRows;
if (typeof run !== 'function') throw new Error('exportRows is no function');
TS
npm install --no-audit --no-fund --loglevel=error "typescript@$typescript" "@types/node@$node_types"
npx --no-install tsc --strict --module nodenext --target es2023 --types node main.ts
node main.js
echo "snapcapi $version installs, runs and compiles"
