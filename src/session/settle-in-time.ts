/** Closing everything may take this long before we leave anyway. */
const patienceMs = 2000;

/** Resolves when all of them have settled, or have had time enough. */
export async function settleInTime(closing: readonly Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([Promise.allSettled(closing), patience]);
  clearTimeout(timer);
}
