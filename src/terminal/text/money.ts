/** An estimate of what something costs: enough digits to see it grow, no more than it is worth. */
export function money(amount: number, currency: string): string {
  return `${amount.toFixed(amount > 0 && amount < 0.1 ? 4 : 2)} ${currency}`;
}
