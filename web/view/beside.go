package view

import (
	"slices"

	"example.org/smtpauth/protocol/session"
)

// Beside says what an edit of a slot has changed beside it, each by the name of
// its field and with its value now; it is zero where that is nothing.
func Beside(before, after session.Setup, edited Slot) Words {
	if edited == Protection {
		edited = SlotClientTLS // the drawer's name for it
	}
	return beside(before, after, func(s Setting) bool { return s.Slot == edited })
}

// BesideSide is Beside where a whole side was changed.
func BesideSide(before, after session.Setup, side session.Side) Words {
	return beside(before, after, func(s Setting) bool {
		return slices.ContainsFunc(Drawer(after), func(section Section) bool {
			return section.Name == Who(side) && slices.ContainsFunc(section.Settings, func(own Setting) bool { return own.Slot == s.Slot })
		})
	})
}

func beside(before, after session.Setup, edited func(Setting) bool) Words {
	was := map[Slot]Setting{}
	for _, s := range allSettings(before) {
		was[s.Slot] = s
	}
	var all []Words
	for _, s := range allSettings(after) {
		old, had := was[s.Slot]
		if !had || edited(s) || s.Kind == AsTicks && slices.ContainsFunc(s.Ticks, edited) {
			continue
		}
		if now := s.shows(); now != old.shows() {
			all = append(all, say("ui.beside.field", "field", s.Label, "value", now))
		}
	}
	if len(all) == 0 {
		return Words{}
	}
	return say("ui.beside", "fields", all)
}

// allSettings are those of the drawer, and what has no field of its own there.
func allSettings(s session.Setup) (all []Setting) {
	for _, section := range Drawer(s) {
		all = append(all, section.Settings...)
	}
	for name, value := range map[Slot]string{"certificate": s.TLS.Client, "issuer": s.Server.Tokens.Issuer, "realm": s.Server.Keytab.Realm} {
		all = append(all, Setting{Slot: name, Kind: AsField, Label: say("ui.beside." + string(name)), Value: value})
	}
	return all
}

// shows is the value of a setting, as text or as the id of words.
func (s Setting) shows() any {
	switch s.Kind {
	case AsTick:
		if s.On {
			return ID("ui.beside.on")
		}
		return ID("ui.beside.off")
	case AsPick:
		for _, c := range s.Choices {
			if c.Chosen && c.Name != "" {
				return c.Name
			} else if c.Chosen {
				return c.Text
			}
		}
	}
	if s.Value == "" {
		return ID("ui.beside.none")
	}
	return s.Value
}

// Joined is two notes in one, where there are two.
func Joined(first, second Words) Words {
	switch {
	case first.ID == "":
		return second
	case second.ID == "":
		return first
	}
	return say("ui.note.both", "first", first, "second", second)
}
