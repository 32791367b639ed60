import { costOf, roundMoney } from '../../contract/cost.js';
import type { PriceTable } from '../../contract/prices.js';
import { addUsage, noUsage, type Usage, usageSince } from '../../contract/usage.js';
import type { Outbox } from '../core/outbox.js';

export interface UsageMeterOptions {
  /** The provider reports running totals. */
  readonly cumulative: boolean;
  readonly model: string;
  readonly prices?: PriceTable | undefined;
}

/** Adds up tokens and what they cost, whether a provider reports each response on its own or running totals. */
export class UsageMeter {
  total: Usage = noUsage;
  /** Of the session so far, in the currency of the table; 0 where no price is known. */
  cost = 0;
  /** What the provider last reported as its running total. */
  private reported: Usage = noUsage;

  constructor(
    private readonly out: Outbox,
    private readonly options: UsageMeterOptions,
  ) {}

  count(reported: Usage): void {
    const usage = this.options.cumulative ? usageSince(this.reported, reported) : reported;
    this.reported = reported;
    this.total = addUsage(this.total, usage);
    this.out.emit({ type: 'usage', usage, session: this.total, ...this.pay(usage) });
  }

  /** Running totals begin at nothing again. */
  connectionChanged(): void {
    this.reported = noUsage;
  }

  private pay(usage: Usage) {
    const { model, prices } = this.options;
    const amount = prices && costOf(usage, model, prices);
    if (prices === undefined || amount === undefined) return {};
    this.cost = roundMoney(this.cost + amount);
    return { cost: { amount, session: this.cost, currency: prices.currency, pricesOf: prices.date } };
  }
}
