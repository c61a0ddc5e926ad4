/** What the requests of a run know of each other's tokens: how many answers came to requests whose token was accepted. */
export type Welcome = { answers: number };

/** Decides whether a request whose token was refused goes out again with another one. */
export type Renewals = {
  /** Whether there is another token to try with in place of the refused one. */
  readonly renew: (refused: string) => Promise<boolean>;
  /** The next refusal is a first one. */
  readonly forget: () => void;
};

/** In a row: bounds those of a batch that no token does for. With tokens for two requests each, ten in flight take about five. */
const MAX_RENEWALS = 50;
/** In a row, without any other request getting through in between. */
const MAX_UNHEARD = 3;

/**
 * The renewals of one request. A fresh token that is refused as well is the end, unless others get through: then it came to
 * its end while this request waited for its turn. That may be heard late, as answers overtake each other. `replace` asks for
 * another token and tells whether there is one.
 */
export function createRenewals(welcome: Welcome, replace: Renewals['renew']): Renewals {
  let renewals = 0;
  let unheard = 0;
  let heard = 0;

  function isAllowed(): boolean {
    if (renewals === 0) return true;
    unheard = welcome.answers === heard ? unheard + 1 : 0;
    return welcome.answers > 0 && unheard <= MAX_UNHEARD && renewals < MAX_RENEWALS;
  }

  async function renew(refused: string): Promise<boolean> {
    if (!isAllowed()) return false;
    renewals += 1;
    heard = welcome.answers;
    return replace(refused);
  }

  function forget(): void {
    renewals = 0;
    unheard = 0;
  }

  return { renew, forget };
}
