package view

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/link"
)

// settings are all of a drawer, ticks of a group by themselves.
func settings(s session.Setup) (all []Setting) {
	for _, section := range Drawer(s) {
		for _, one := range section.Settings {
			if one.Kind != AsTicks {
				all = append(all, one)
			}
			all = append(all, one.Ticks...)
		}
	}
	return all
}

// others are the values that a setting can be given, but for its own.
func others(s Setting) (values []string) {
	switch s.Kind {
	case AsTick:
		if s.On {
			return []string{""}
		}
		return []string{"yes"}
	case AsPick:
		for _, c := range s.Choices {
			if !c.Chosen {
				values = append(values, c.Value)
			}
		}
		return values
	}
	if name, _, _ := strings.Cut(string(s.Slot), " "); Slot(name) == SlotCertHost {
		return []string{"elsewhere.example.net"}
	}
	return []string{"other", s.Value + "more"}
}

// shown is the value of a setting in a drawer.
func shown(t *testing.T, s session.Setup, slot Slot) string {
	t.Helper()
	for _, one := range settings(s) {
		if one.Slot != slot {
			continue
		}
		switch one.Kind {
		case AsTick:
			return map[bool]string{true: "yes"}[one.On]
		case AsPick:
			for _, c := range one.Choices {
				if c.Chosen {
					return c.Value
				}
			}
		}
		return one.Value
	}
	t.Fatalf("no setting %q", slot)
	return ""
}

// Whatever is put into a setting is shown there afterwards, changes the set-up
// and leaves the one that this was copied from; a session can be made of it,
// and a link.
func TestEverySettingCanBeChanged(t *testing.T) {
	for _, id := range []string{"cram-md5", "plain-implicit", "mox-v0.0.11"} {
		sc, _ := scenario.ByID(id)
		for _, one := range settings(sc.Setup()) {
			for _, value := range others(one) {
				before := sc.Setup()
				changed := before
				Change(&changed, one.Slot, value)
				if !reflect.DeepEqual(before, sc.Setup()) {
					t.Errorf("%s: %s = %q changes what it was copied from", id, one.Slot, value)
				}
				if got := shown(t, changed, one.Slot); got != value {
					t.Errorf("%s: %s = %q is shown as %q", id, one.Slot, value, got)
				}
				if w := Check(changed); w.ID != "" {
					t.Errorf("%s: %s = %q: %s", id, one.Slot, value, w.ID)
				}
				if one.Kind == AsPick && id != "cram-md5" {
					continue // sessions take their time
				}
				s, err := session.New(changed)
				if err != nil {
					t.Fatalf("%s: %s = %q: %v", id, one.Slot, value, err)
				}
				s.Close()
				address, err := link.AddressOf(changed, nil, true)
				if err != nil {
					t.Fatal(err)
				}
				if back, err := link.Read(address.At(0)); err != nil || shown(t, back.Setup, one.Slot) != value {
					t.Errorf("%s: %s = %q does not come back from its link: %v", id, one.Slot, value, err)
				}
			}
		}
	}
}

func TestSlotsThatAreNone(t *testing.T) {
	sc, _ := scenario.ByID("plain")
	for _, slot := range []Slot{"", "no-such", "stored-password", "stored-password 7", "stored-password -1", "act-as x"} {
		s := sc.Setup()
		if Change(&s, slot, "x"); !reflect.DeepEqual(s, sc.Setup()) {
			t.Errorf("%q changes something", slot)
		}
	}
}

func TestNamesInAList(t *testing.T) {
	if got := strings.Join(named(" a@b ,c，d\n,, e"), "|"); got != "a@b|c|d|e" {
		t.Errorf("named = %s", got)
	}
}

// What cannot be used is told in words, whoever finds it out.
func TestTrouble(t *testing.T) {
	sc, _ := scenario.ByID("plain")
	for _, test := range []struct {
		slot  Slot
		value string
		want  string
	}{
		{"stored-password 0", "\x01", "ui.trouble.not-prepared"},
		{"account 0", "\u0627a", "ui.trouble.not-prepared"}, // two directions, RFC 3454 §6
		{SlotCertHost, "no host", "ui.trouble.host"},
		{User, strings.Repeat("x", 2000), "ui.trouble.value"},
		{SlotMessageText, strings.Repeat("x", session.MaxJSON), "ui.trouble.too-long"},
		{SlotClientTLS, "perhaps", "ui.trouble.value"},
		{User, "anna", ""},
	} {
		s := sc.Setup()
		Change(&s, test.slot, test.value)
		w := Check(s)
		if w.ID == "" {
			made, err := session.New(s)
			if err == nil {
				made.Close()
			}
			w = Trouble(err)
		}
		if w.ID != test.want {
			t.Errorf("%s = %.20q: %q, want %q", test.slot, test.value, w.ID, test.want)
		}
	}
	if w := Trouble(errors.New("x")); w.ID != "ui.trouble.unknown" {
		t.Errorf("an unknown error: %q", w.ID)
	}
}

// Whatever a drawer says has words in every language.
func TestDrawerIsWorded(t *testing.T) {
	sc, _ := scenario.ByID("plain")
	setup := sc.Setup()
	setup.Server.Accounts = append(setup.Server.Accounts, sasl.Account{Name: "anna"})
	ids := []string{"ui.trouble.unknown", "ui.trouble.value", "ui.trouble.too-long", "ui.trouble.host",
		"ui.trouble.not-prepared", "ui.trouble.empty", "ui.trouble.duplicate", "ui.trouble.unknown-stored"}
	add := func(s Setting) {
		ids = append(ids, s.Label.ID)
		if s.Hint != "" {
			ids = append(ids, string(s.Hint))
		}
		for _, c := range s.Choices {
			if c.Name != "" {
				ids = append(ids, string(c.Name))
			}
		}
	}
	for _, section := range Drawer(setup) {
		ids = append(ids, string(section.Name))
		for _, one := range section.Settings {
			add(one)
			for _, tick := range one.Ticks {
				add(tick)
			}
		}
	}
	for _, lang := range i18n.Languages {
		text := i18n.Load(lang)
		for _, id := range ids {
			if !text.Has(id) {
				t.Errorf("%s lacks %q", lang, id)
			}
		}
	}
}
