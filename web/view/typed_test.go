package view

import (
	"testing"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// What a field shows and hands back is the value itself, with its blanks and
// control characters.
func TestTyped(t *testing.T) {
	set, _ := scenario.ByID(scenario.Default)
	for _, text := range []string{"lantern7 ", "  a  b\t", "pass\x00word", "line\r\nend", "\x7f\x1b[2J", "ключ ", ""} {
		for _, slot := range []Slot{User, Password, SlotAuthzid, SlotFirstPrompt, SlotSecondPrompt, SlotChallenge} {
			setup := set.Setup()
			Change(&setup, slot, typeable(text))
			if got := held(setup, slot); got != text {
				t.Errorf("%s: %q was typed, %q is meant", slot, text, got)
			}
			if shown := inField(t, setup, slot); shown != typeable(text) || shown != meant(shown) && meant(shown) != text {
				t.Errorf("%s shows %q of %q", slot, shown, text)
			}
		}
	}
	setup := set.Setup()
	Change(&setup, SlotFirstPrompt, `User Name\0`)
	if got := setup.Server.Login.Username; got != "User Name\x00" {
		t.Errorf("the prompt is %q", got)
	}
}

func held(s session.Setup, slot Slot) string {
	return map[Slot]string{
		User: s.Client.User.Authcid, Password: s.Client.User.Password.Text, SlotAuthzid: s.Client.User.Authzid,
		SlotFirstPrompt: s.Server.Login.Username, SlotSecondPrompt: s.Server.Login.Password, SlotChallenge: s.Server.Challenge,
	}[slot]
}

// inField is what the slot's field in the drawer holds.
func inField(t *testing.T, s session.Setup, slot Slot) string {
	t.Helper()
	for _, section := range Drawer(s) {
		for _, one := range section.Settings {
			if one.Slot == slot {
				return one.Value
			}
		}
	}
	t.Fatalf("the drawer has no %s", slot)
	return ""
}

// Where values are compared, a blank is seen.
func TestBlanksInComparisons(t *testing.T) {
	if got := runes([]byte(" a b\x00")); got[0] != "␠" || got[2] != "␠" || got[4] != "␀" {
		t.Errorf("%q", got)
	}
}
