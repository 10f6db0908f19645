package lab

import (
	"unicode/utf8"

	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// typed is a field that somebody types into. Its value is set as a property:
// go-app cuts the blanks off the edges of an attribute, and writes it back while
// somebody types on, which loses letters.
type typed struct {
	app.Compo
	ID, Class, Label, DescribedBy string
	Slot                          view.Slot
	Value                         string
	Area, Late, Sized, Invalid    bool // Late: taken when the reader leaves it; Sized: as wide as its text
	typing                        bool
}

func (t *typed) Render() app.UI {
	if t.Area {
		area := app.Textarea().ID(t.ID).Class(t.Class).Rows(8).Spellcheck(false)
		if app.IsServer {
			area.Attr("value", t.Value)
		}
		return area.OnChange(t.take)
	}
	input := app.Input().ID(t.ID).Class(t.Class).Type("text").
		AutoComplete(false).Attr("autocapitalize", "none").Attr("spellcheck", "false").OnBlur(t.left)
	if app.IsServer {
		input.Value(t.Value)
	}
	if t.Sized {
		input.Size(max(utf8.RuneCountInString(t.Value)+1, 4))
	}
	if t.Label != "" {
		input.Aria("label", t.Label)
	}
	if t.DescribedBy != "" {
		input.Aria("describedby", t.DescribedBy)
	}
	if t.Invalid {
		input.Aria("invalid", true)
	}
	if t.Late {
		return input.OnChange(t.take)
	}
	return input.OnInput(t.take)
}

func (t *typed) OnMount(ctx app.Context)  { t.show(ctx) }
func (t *typed) OnUpdate(ctx app.Context) { t.show(ctx) }

// show puts the value into the field, but while somebody types: more may have
// been typed than is in the value yet.
func (t *typed) show(ctx app.Context) {
	e := ctx.JSSrc()
	if app.IsServer || t.typing || e.Get("value").String() == t.Value {
		return
	}
	e.Set("value", t.Value)
}

func (t *typed) take(ctx app.Context, _ app.Event) {
	t.typing = !t.Late && !t.Area
	ctx.NewActionWithValue(actionEdit, edit{t.Slot, ctx.JSSrc().Get("value").String()})
}

func (t *typed) left(app.Context, app.Event) { t.typing = false }
