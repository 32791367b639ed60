/** How long closing may take before the program exits anyway. */
const patienceMs = 2000;

/** Resolves when all promises have settled, or the time is up. */
export async function settleInTime(closing: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([Promise.allSettled(closing), patience]);
  clearTimeout(timer);
}
