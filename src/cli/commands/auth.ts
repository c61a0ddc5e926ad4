import type { Command } from 'commander';

import { addEndpointOption } from '../allowed-hosts.js';
import type { AuthFlags, StatusFlags } from '../actions/auth.js';
import type { LoginFlags } from '../actions/auth-login.js';
import type { Context } from '../context.js';
import { addCredentialsFile } from '../credentials.js';
import { addExamples } from '../examples.js';
import { parseInteger } from '../options.js';

/** What `snapcapi auth` takes and does, and its own commands. */
export function fillAuthCommand(command: Command, context: Context): void {
  command.description(
    'Keeps OAuth credentials under names, for configs with "auth_method": "oauth" and "oauth_credentials_id": NAME.',
  );
  addExamples(command, ['auth login --id prod', 'auth list', 'auth status prod --check', 'auth logout prod']);
  addLogin(command, context);
  addList(command, context);
  addStatus(command, context);
  addRefresh(command, context);
  addLogout(command, context);
}

function addLogin(auth: Command, context: Context): void {
  const command = auth
    .command('login')
    .summary('log in with a browser and store the credential')
    .description(
      'Shows an address to open in a browser, waits until you have allowed the access there, and stores the credential. It needs an OAuth app of your business at Snapchat, registered with exactly the redirect URI that is used here: http://127.0.0.1:47823/callback, unless --port or --redirect-uri say otherwise. The client secret of the app comes from SNAPCAPI_OAUTH_CLIENT_SECRET or --client-secret-file, else you are asked; there is no flag for it, because others on the machine can read those.',
    )
    .requiredOption('--id <name>', 'name of the credential, the oauth_credentials_id of configs')
    .optionsGroup('OAuth app:')
    .option('--client-id <id>', 'its client ID (default: SNAPCAPI_OAUTH_CLIENT_ID, else you are asked)')
    .option('--client-secret-file <file>', 'file that holds its client secret; - is standard input')
    .option('--scope <scopes>', 'what to ask for, with blanks between (default: what the API needs)')
    .optionsGroup('Browser:')
    .option(
      '--paste',
      'for a browser on another machine: you paste the address that it ends at, or the code in it',
    )
    .option(
      '--port <n>',
      'port on 127.0.0.1 the browser comes back to (default: 47823)',
      parseInteger(1, 65_535),
    )
    .option('--redirect-uri <uri>', 'the whole redirect URI; one that is not on 127.0.0.1 needs --paste')
    .option('--timeout <seconds>', 'how long to wait for you (default: 300)', parseInteger(1, 86_400))
    .optionsGroup('Store:');
  addEndpointOption(addCredentialsFile(command));
  addExamples(command, [
    'auth login --id prod --client-id 0f3a2b',
    'auth login --id prod --paste --redirect-uri https://example.com/callback',
    'auth login --id prod --client-secret-file /run/secrets/snap-client',
  ]);
  command.action((flags: LoginFlags) =>
    context.perform(async (io, out) => {
      const { runAuthLogin } = await import('../actions/auth-login.js');
      return runAuthLogin(flags, io, out);
    }),
  );
}

function addList(auth: Command, context: Context): void {
  const command = auth
    .command('list')
    .summary('all stored credentials')
    .description('Lists the stored credentials, never a secret of them.')
    .option('--json', 'a JSON array instead of a table');
  addCredentialsFile(command);
  addExamples(command, ['auth list', 'auth list --json']);
  command.action((flags: AuthFlags) =>
    context.perform(async (io, out) => {
      const { runAuthList } = await import('../actions/auth.js');
      return runAuthList(flags, io, out);
    }),
  );
}

function addStatus(auth: Command, context: Context): void {
  const command = auth
    .command('status')
    .summary('whether a credential works; exit code 77 when not')
    .description(
      'Tells whether a credential can be refreshed, when its access token expires and what it is for. Whether the access was taken back meanwhile is not known here; --check asks. The exit code is 0 when the credential works, 77 when it would not, and 78 when there is none.',
    )
    .argument('[name]', 'name of the credential (default: that of the environment)')
    .option('--check', 'ask the authorization server, by refreshing the credential')
    .option('--json', 'as JSON');
  addEndpointOption(addCredentialsFile(command));
  addExamples(command, ['auth status prod', 'auth status prod --check', 'auth status --check --json']);
  command.action((name: string | undefined, flags: StatusFlags) =>
    context.perform(async (io, out) => {
      if (name === undefined) {
        const { runEnvironmentStatus } = await import('../actions/auth-environment.js');
        return runEnvironmentStatus(flags, io, out);
      }
      const { runAuthStatus } = await import('../actions/auth.js');
      return runAuthStatus(name, flags, io, out);
    }),
  );
}

function addRefresh(auth: Command, context: Context): void {
  const command = auth
    .command('refresh')
    .summary('get new tokens for a credential now')
    .description('Replaces the tokens of a credential. Exports do so by themselves when they have to.')
    .argument('<name>', 'name of the credential');
  addEndpointOption(addCredentialsFile(command));
  addExamples(command, ['auth refresh prod']);
  command.action((name: string, flags: AuthFlags) =>
    context.perform(async (io, out) => {
      const { runAuthRefresh } = await import('../actions/auth.js');
      return runAuthRefresh(name, flags, io, out);
    }),
  );
}

function addLogout(auth: Command, context: Context): void {
  const command = auth
    .command('logout')
    .summary('forget a credential')
    .description('Removes a credential from the store. The authorization server is not told.')
    .argument('<name>', 'name of the credential');
  addCredentialsFile(command);
  addExamples(command, ['auth logout prod']);
  command.action((name: string, flags: AuthFlags) =>
    context.perform(async (io, out) => {
      const { runAuthLogout } = await import('../actions/auth.js');
      return runAuthLogout(name, flags, io, out);
    }),
  );
}
