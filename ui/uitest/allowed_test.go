package uitest_test

import (
	"testing"

	"willcall/ui/uitest"
)

func TestAllowedLetsFramesThrough(t *testing.T) {
	t.Parallel()
	for _, out := range []string{
		"", "plain\r\n\ttext\b é 日本 👩\u200d💻 ●✗",
		"\x1b[1;38;2;95;135;255mx\x1b[m\x1b[4:3m\x1b[0m", "\x1b[2;5H\x1b[H\x1b[3A\x1b[10G\x1b[5d\x1b[2J\x1b[K\x1b[7X\x1b[5b\x1b[1;20r\x1b[2S",
		"\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?2026$p\x1b[?2027$p\x1b[>4;2m\x1b[>1u\x1b[?u\x1b[<1u\x1b[2 q\x1b[?5W",
		"\x1b]2;willcall\a", "\x1b]2;\a", "\x1b]0;willcall\x1b\\", "\x1b]11;?\a", "\x1b7\x1b8\x1bM",
	} {
		if err := uitest.Allowed([]byte(out)); err != nil {
			t.Errorf("%q: %v", out, err)
		}
	}
}

func TestAllowedRefusesTheRest(t *testing.T) {
	t.Parallel()
	for name, out := range map[string]string{
		"clipboard":          "\x1b]52;c;aGk=\a",
		"title of data":      "\x1b]2;willcall by Mallory\a",
		"hyperlink":          "\x1b]8;;https://x.example\x1b\\x\x1b]8;;\x1b\\",
		"foreground":         "\x1b]10;?\a",
		"background set":     "\x1b]11;#000000\a",
		"broken off OSC":     "\x1b]2;willcall\x1b[m",
		"DCS":                "\x1bPq\x1b\\",
		"APC":                "\x1b_x\x1b\\",
		"PM":                 "\x1b^x\x1b\\",
		"SOS":                "\x1bXx\x1b\\",
		"bell":               "\a",
		"NUL":                "a\x00b",
		"shift out":          "\x0e",
		"delete":             "\x7f",
		"C1 as UTF-8":        "\u009b2J",
		"C1 raw":             "\x9b2J",
		"bad UTF-8":          "a\xc3\x1b[2J",
		"override":           "a\u202eb",
		"isolate":            "a\u2066b",
		"mark":               "a\u200eb",
		"zero width":         "a\u200bb",
		"joiner in a word":   "a\u200db",
		"tag":                "a\U000e0041",
		"line separator":     "a\u2028b",
		"filler":             "\u3164",
		"soft hyphen":        "a\u00adb",
		"reset":              "\x1bc",
		"charset":            "\x1b(0",
		"mode":               "\x1b[?47h",
		"insert mode hidden": "\x1b[20h",
		"window":             "\x1b[8;10;10t",
		"media copy":         "\x1b[5i",
		"soft reset":         "\x1b[!p",
		"unfinished":         "abc\x1b[3",
		"unfinished OSC":     "\x1b]2;willcall",
		"cursor report":      "\x1b[6n",
	} {
		if err := uitest.Allowed([]byte(out)); err == nil {
			t.Errorf("%s: %q was allowed", name, out)
		}
	}
}

func FuzzAllowed(f *testing.F) {
	f.Add([]byte("\x1b[1mx\x1b[m"))
	f.Add([]byte("\x1b]52;c;x\a"))
	f.Fuzz(func(t *testing.T, out []byte) {
		if uitest.Allowed(out) != nil {
			return
		}
		for _, b := range out {
			if b < 0x20 && b != '\r' && b != '\n' && b != '\t' && b != '\b' && b != 0x1b && b != '\a' || b == 0x7f {
				t.Fatalf("%q was allowed with %#02x", out, b)
			}
		}
	})
}
