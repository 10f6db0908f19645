package trace

import "testing"

// DIG-07: what fits ISO 8859-1 is written in it, everything else stays as it is.
func TestLatin1(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "tim": "tim", "sécret": "s\xe9cret", "ÿ": "\xff", "Ā": "Ā", "пароль": "пароль", "\xff": "\xff", "é\xff": "é\xff", "\ufffd": "\ufffd",
	} {
		for _, r := range []*Recorder{nil, NewRecorder(Client)} {
			v := r.Text("text", text, 0)
			got := r.Latin1("latin1", v)
			if got.String() != want {
				t.Errorf("Latin1(%q) = %q, want %q", text, got, want)
			}
			if back := r.FromLatin1("back", got); want != text && back.String() != text {
				t.Errorf("%q comes back as %q", text, back)
			}
			steps := r.Take()
			if n := len(steps); r != nil && want == text && n > 3 || r != nil && want != text && n != 3 {
				t.Errorf("%q: %d steps", text, n)
			}
		}
	}
}
