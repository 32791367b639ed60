const begins = ['<think>', '<thinking>', '<thought>', '<reasoning>'];
const ends = ['</think>', '</thinking>', '</thought>', '</reasoning>'];

/** Removes a model's reasoning from its words while they arrive; tags may be cut anywhere. */
export class ReasoningFilter {
  private rest = '';
  private thinking = false;
  /** Nothing was said yet: the white space around the reasoning is removed too. */
  private silent = true;
  /** There was some reasoning. */
  thought = false;

  /** The words that are certainly for the user. */
  push(text: string): string {
    this.rest += text;
    let said = '';
    for (;;) {
      // An end tag without a beginning is left over from a template that opens the reasoning itself.
      const tags = this.thinking ? ends : [...begins, ...ends];
      const found = firstOf(tags, this.rest);
      if (found === undefined) {
        const safe = this.rest.length - heldBack(tags, this.rest);
        if (!this.thinking) said += this.rest.slice(0, safe);
        this.rest = this.rest.slice(safe);
        return this.spoken(said);
      }
      if (!this.thinking) said += this.rest.slice(0, found.at);
      this.rest = this.rest.slice(found.at + found.tag.length);
      this.thinking = begins.includes(found.tag);
      this.thought = true;
    }
  }

  /** What was held back because a tag might have begun there. */
  flush(): string {
    const { rest } = this;
    this.rest = '';
    return this.thinking ? '' : this.spoken(rest);
  }

  private spoken(text: string): string {
    const said = this.silent ? text.trimStart() : text;
    if (said !== '') this.silent = false;
    return said;
  }
}

function firstOf(tags: readonly string[], text: string): { at: number; tag: string } | undefined {
  const lower = text.toLowerCase();
  return tags
    .map((tag) => ({ at: lower.indexOf(tag), tag }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at)[0];
}

/** How many letters at the end may be the beginning of a tag. */
function heldBack(tags: readonly string[], text: string): number {
  const at = text.lastIndexOf('<');
  if (at < 0) return 0;
  const tail = text.slice(at).toLowerCase();
  return tags.some((tag) => tag.startsWith(tail)) ? tail.length : 0;
}
