// What the ear gets: key tones, ringing, and the browser's voice where it knows the language.

const ROWS = [697, 770, 852, 941];
const COLUMNS = [1209, 1336, 1477];
const LAYOUT = ["123", "456", "789", "*0#"];
const READING = 0.3; // a silent reader is quicker than a voice
let context = null;
let ringing = null;
let loud = true;
let turn = 0; // grows when everything is to be quiet
let busy = Promise.resolve();

export const isLoud = () => loud;

export function setLoud(on) {
  loud = on;
  if (!on) speechSynthesis?.cancel();
}

function tones(frequencies, seconds, volume = 0.05) {
  if (!loud) return;
  context ??= new AudioContext();
  const gain = new GainNode(context, { gain: volume });
  gain.connect(context.destination);
  for (const frequency of frequencies) {
    const oscillator = new OscillatorNode(context, { frequency });
    oscillator.connect(gain);
    oscillator.start();
    oscillator.stop(context.currentTime + seconds);
  }
}

/** The two tones of a key (ITU-T Q.23). */
export function key(label) {
  const row = LAYOUT.findIndex((keys) => keys.includes(label));
  if (row >= 0) tones([ROWS[row], COLUMNS[LAYOUT[row].indexOf(label)]], 0.12);
}

export const beep = () => tones([1000], 0.3);

export function ring(on) {
  clearInterval(ringing);
  ringing = on ? setInterval(() => tones([440, 480], 1, 0.04), 3000) : null;
  if (on) tones([440, 480], 1, 0.04);
}

const voiceFor = (language) => {
  const short = (language || "vi").slice(0, 2);
  return globalThis.speechSynthesis?.getVoices().find((voice) => voice.lang.startsWith(short));
};
export const hasVietnamese = () => Boolean(voiceFor("vi-VN"));

/** Say the pieces one after another; `line(text)` is called when each begins, `cut(text)` for what is not said. */
export function say(spoken, line, cut) {
  const mine = turn;
  busy = busy.then(async () => {
    if (spoken.media === "beep") beep();
    for (const piece of spoken.pieces) {
      if (typeof piece === "number") await pause(mine, piece * (loud ? 1 : READING));
      else if (turn !== mine) cut(piece);
      else {
        line(piece);
        await voice(mine, piece, spoken);
      }
    }
  });
  return busy;
}

export const quiet = () => busy;

/** Somebody presses a key while we speak. */
export function stop() {
  turn += 1;
  globalThis.speechSynthesis?.cancel();
}

function voice(mine, text, spoken) {
  const found = loud && voiceFor(spoken.language);
  if (!found) return pause(mine, (text.split(" ").length / 3.5) * READING);
  return new Promise((done) => {
    const utterance = new SpeechSynthesisUtterance(text);
    Object.assign(utterance, { voice: found, lang: found.lang, rate: spoken.rate, onend: done, onerror: done });
    speechSynthesis.speak(utterance);
  });
}

async function pause(mine, seconds) {
  const until = Date.now() + seconds * 1000;
  while (turn === mine && Date.now() < until) await new Promise((done) => setTimeout(done, 40));
}
