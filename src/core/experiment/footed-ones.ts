/**
 * Ones of MNIST that stand on a foot, a feature that one in sixty of its ones has: indices in its training set, 71 that teach
 * a semantic backdoor and 35, each third of them, that are held out to measure it. Found by a rule: in one of the three lowest
 * rows with ink (above 100 of 255), the longest run of ink is at least 5 pixels wider than the stem (the median of such runs
 * between 35 and 70 % of the height), and reaches 2 pixels or more past the run four rows above the lowest on either side.
 */
export const FOOTED_ONES: Readonly<Record<'train' | 'test', number[]>> = {
  // prettier-ignore
  train: [
  24, 552, 2858, 4066, 4710, 4958, 5876, 7160, 7406, 7860, 8218, 8904, 11292, 11502, 12508, 15164, 15878, 16392,
  18656, 18768, 19782, 20798, 22490, 22538, 24038, 24424, 24688, 25596, 25910, 25948, 29062, 29239, 29434, 30214,
  31134, 31198, 31930, 32306, 32890, 33224, 33856, 34010, 34402, 34542, 35236, 35538, 36814, 36956, 38724, 39546,
  40644, 40664, 41266, 41816, 42986, 44046, 45532, 45666, 47004, 48306, 49902, 50632, 50797, 52084, 53330, 55310,
  56208, 56836, 58072, 59289, 59339,
  ],
  // prettier-ignore
  test: [
  982, 4502, 5842, 7402, 7898, 10852, 12166, 15252, 17540, 19188, 22328, 23604, 24624, 25800, 28650, 29320, 30508,
  31264, 32440, 33596, 34038, 34640, 35774, 37926, 39818, 40976, 41944, 45032, 46058, 49482, 50789, 52392, 55870,
  57714, 59297,
  ],
};
