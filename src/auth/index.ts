export { environmentAccess, storedAccess } from './access.js';
export { authorizationUrl, DEFAULT_SCOPE } from './authorize.js';
export { login } from './login.js';
export { credentialsFile } from './places.js';
export { refresh } from './refresh.js';
export { openCredentialStore } from './store.js';
