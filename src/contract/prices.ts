/** Prices of one model, per million tokens. What is absent costs as much as `text` in its direction. */
export interface ModelPrice {
  readonly input: TokenPrices;
  readonly output: TokenPrices;
}

export interface TokenPrices {
  readonly text: number;
  readonly audio?: number | undefined;
  readonly image?: number | undefined;
  /** Tokens that the provider still had in its memory, by kind; absent = as much as the others. */
  readonly cachedText?: number | undefined;
  readonly cachedAudio?: number | undefined;
  readonly cachedImage?: number | undefined;
}

/** A price list is true for its day only: the date is told with every cost. */
export interface PriceTable {
  /** YYYY-MM-DD. */
  readonly date: string;
  /** For example `USD`. */
  readonly currency: string;
  /** By the name of the model; a name that ends in `*` stands for all that begin so. The longest that fits counts. */
  readonly models: Readonly<Record<string, ModelPrice>>;
}
