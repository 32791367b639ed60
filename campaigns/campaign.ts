/** What a campaign is given. */
interface CampaignOptions {
  /** At most 20 s instead of minutes or hours: the form that CI runs. */
  readonly short: boolean;
  /** Seed of everything random. The same seed gives the same run. */
  readonly seed: number;
  /** Prints a line of progress. */
  log(line: string): void;
}

/** What a campaign found. */
interface CampaignResult {
  /** What was measured, with units in the names: `{ 'noise h': 2, 'false turns': 0 }`. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** One sentence for each broken promise. Empty means passed. */
  readonly failures: readonly string[];
}

/** A check that is too long for the tests: hours of noise, hundreds of cuts, millions of broken frames. */
export interface Campaign {
  /** What it proves, in one line. */
  readonly about: string;
  run(options: CampaignOptions): Promise<CampaignResult>;
}
