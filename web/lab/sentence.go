package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// sentence is the set-up in words, with slots that can be changed in place.
type sentence struct {
	app.Compo
	Text    i18n.Catalog
	Setup   *view.Setup
	Conceal bool // the password: it is looked at from where it is not known
}

func (s *sentence) Render() app.UI {
	var parts []app.UI
	sentence := "ui.setup"
	if s.Setup.NoPassword {
		sentence = "ui.setup.bare"
	}
	for _, p := range s.Text.Parts(sentence) {
		if p.Name == "" {
			parts = append(parts, span("", p.Text))
		} else {
			parts = append(parts, s.slot(p.Name))
		}
	}
	return app.Section().ID("setup").Class("setup").Aria("label", s.Text.T("ui.setup.label")).Body(
		app.P().Class("setup-sentence").Body(parts...),
		opener(dialogActs, "acts", s.Text.T("ui.acts")),
		opener(dialogDrawer, "drawer", s.Text.T("ui.drawer")),
	)
}

func (s *sentence) slot(name string) app.UI {
	label := s.Text.T("ui.setup." + name)
	switch slot := view.Slot(name); slot {
	case view.User:
		return &field{Slot: slot, Label: label, Value: s.Setup.User}
	case view.Password:
		if s.Conceal {
			return app.Span().ID("concealed").Class("slot slot-fixed slot-password").Body(
				app.Span().Aria("hidden", true).Text("••••••••"), hidden(s.Text.T("ui.setup.concealed")))
		}
		return &field{Slot: slot, Label: label, Value: s.Setup.Password, Hint: s.Text.T("ui.setup.hint")}
	case view.Port:
		return &radios{Slot: slot, Label: label, Choices: s.Setup.Port}
	case view.Mechanism:
		name := s.Text.T("ui.compare")
		return app.Span().Class("slot-place").Body(
			&pick{Text: s.Text, Slot: slot, Label: label, Choices: s.Setup.Mechanism},
			opener(dialogCompare, "compare", name).Title(name))
	case view.Protection:
		return &pick{Text: s.Text, Slot: slot, Label: label, Choices: s.Setup.Protection}
	}
	return span("slot slot-fixed slot-host", s.Setup.Host)
}
