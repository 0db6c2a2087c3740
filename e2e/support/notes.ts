/** A small table of texts: notes on the weather and notes on meals, told apart by a few of their words. */
import { randomStream } from '../../src/core/rng/random.ts';

const TOPICS = {
  weather: ['rain', 'wind', 'cloud', 'storm', 'sunny', 'frost'],
  meals: ['soup', 'bread', 'lunch', 'salad', 'dinner', 'baked'],
};

const FILLERS =
  'the a we had today with some then again very quite nice after before long little new old'.split(' ');

/** `id,note,topic`, `count` notes of 12 words of which three tell the topic. */
export function notesTable(count: number): { name: string; mimeType: string; buffer: Buffer } {
  const random = randomStream(5, 'data');
  const one = (words: readonly string[]): string => words[random.int(0, words.length - 1)] ?? '';
  const rows = Array.from({ length: count }, (_, at) => {
    const topic = at % 2 === 0 ? 'weather' : 'meals';
    const words = Array.from({ length: 12 }, (_, place) => one(place % 4 === 1 ? TOPICS[topic] : FILLERS));
    return `${at},"${words.join(' ')}, ${one(FILLERS)}.",${topic}`;
  });
  return {
    name: 'notes.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['id,note,topic', ...rows].join('\n')),
  };
}
