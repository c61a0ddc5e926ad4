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
    'Create, show, refresh and remove stored OAuth credentials. A config uses one with "auth_method": "oauth" and "oauth_credentials_id": NAME.',
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
    .summary('Log in with a browser and store the credential')
    .description(
      'Log in with a browser and store the credential. The command prints a URL, waits until you allow the access, and stores the credential. It needs an OAuth app of your business at Snapchat. The redirect URI of that app must be http://127.0.0.1:47823/callback, or the one of --port or --redirect-uri. The client secret comes from SNAPCAPI_OAUTH_CLIENT_SECRET, --client-secret-file or a prompt. There is no flag for it, because other users of the machine can read flags.',
    )
    .requiredOption('--id <name>', 'Name of the credential (oauth_credentials_id in configs)')
    .optionsGroup('OAuth app:')
    .option('--client-id <id>', 'Client ID (default: SNAPCAPI_OAUTH_CLIENT_ID, else a prompt)')
    .option('--client-secret-file <file>', 'File that holds the client secret; - is standard input')
    .option('--scope <scopes>', 'Scopes, separated by blanks (default: what the API needs)')
    .optionsGroup('Browser:')
    .option('--paste', 'Use a browser on another machine: paste the URL that it ends at, or the code in it')
    .option('--port <n>', 'Port on 127.0.0.1 of the redirect URI (default: 47823)', parseInteger(1, 65_535))
    .option('--redirect-uri <uri>', 'Complete redirect URI; one that is not on 127.0.0.1 needs --paste')
    .option('--timeout <seconds>', 'Time limit for the login (default: 300)', parseInteger(1, 86_400))
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
    .summary('List the stored credentials')
    .description('List the stored credentials, without their secrets.')
    .option('--json', 'Print a JSON array instead of a table');
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
    .summary('Show whether a credential works')
    .description(
      'Show whether a credential can be refreshed, when its access token expires and what it is for. Only --check shows whether the access was revoked. The exit code is 0 if the credential works, 77 if it does not, and 78 if there is none.',
    )
    .argument('[name]', 'Name of the credential (default: the one of the environment)')
    .option('--check', 'Refresh the credential to find out whether it works')
    .option('--json', 'Print JSON');
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
    .summary('Replace the tokens of a credential now')
    .description('Replace the tokens of a credential. Exports do this automatically when necessary.')
    .argument('<name>', 'Name of the credential');
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
    .summary('Remove a credential')
    .description('Remove a credential from the store. The authorization server is not notified.')
    .argument('<name>', 'Name of the credential');
  addCredentialsFile(command);
  addExamples(command, ['auth logout prod']);
  command.action((name: string, flags: AuthFlags) =>
    context.perform(async (io, out) => {
      const { runAuthLogout } = await import('../actions/auth.js');
      return runAuthLogout(name, flags, io, out);
    }),
  );
}
