/** A cost estimate with enough digits to show small amounts grow, and no false precision. */
export function money(amount: number, currency: string): string {
  return `${amount.toFixed(amount > 0 && amount < 0.1 ? 4 : 2)} ${currency}`;
}
