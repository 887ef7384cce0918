// The search off the page's thread: the first message brings names and letters, each later one a question.
import { Matcher } from "./matching.js";

let matcher;

self.onmessage = ({ data: { number, told, letters, asked } }) => {
  if (told) matcher = new Matcher(told, letters);
  else self.postMessage({ number, answer: matcher[asked.kind ? "find" : "count"](asked) });
};
