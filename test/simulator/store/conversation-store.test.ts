import { describe, expect, it } from 'vitest';
import { ConversationStore } from '../../../src/simulator/store/conversation-store.js';
import type { MessageItem } from '../../../src/simulator/store/items.js';

function message(id: string): MessageItem {
  const content: MessageItem['content'] = [{ type: 'input_text', text: 'Hello' }];
  return { id, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content };
}

describe('ConversationStore', () => {
  it('finds its items, and no deleted ones', () => {
    const store = new ConversationStore([message('a')]);
    store.insert(message('b'));
    expect(() => store.insert(message('a'))).toThrow(/already exists/);
    store.delete('a');
    expect(store.find('a')).toBeUndefined();
    expect(store.insert(message('a'), 'root')).toBeNull();
    expect(store.items.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('accepts 80,000 items without searching all of them for each', () => {
    const store = new ConversationStore();
    const begin = performance.now();
    for (let i = 0; i < 80_000; i += 1) store.insert(message(`item_${i}`));
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});
