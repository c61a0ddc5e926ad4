/** A config for the stored credential `nightly`, with a simulator as the API. */
export function nightlyConfig(url: string): object {
  return {
    type: 'snapchat_conversion',
    auth_method: 'oauth',
    oauth_credentials_id: 'nightly',
    event_source_id: 'pixel-1',
    api_base_url: url,
    max_requests_per_second: 1000,
  };
}
