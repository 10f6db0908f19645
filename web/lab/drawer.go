package lab

import (
	"strings"

	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// A fault is a value that could not be used, and why not.
type fault struct {
	Slot  view.Slot
	Words view.Words
}

// drawer holds everything of the set-up. What is changed runs at once.
type drawer struct {
	app.Compo
	Text     i18n.Catalog
	Sections []view.Section
	Fault    fault
	Note     view.Words // what a change has brought beside the lines
	Conceal  bool       // passwords: one looks from where they are not known
}

func (d *drawer) Render() app.UI {
	note := ""
	if d.Note.ID != "" {
		note = say(d.Text, d.Note)
	}
	body := []app.UI{app.P().ID("drawer-note").Class("drawer-note").Role("status").Text(note)}
	for _, s := range d.Sections {
		body = append(body, d.section(s))
	}
	return dialog(d.Text, dialogDrawer, "ui.drawer", body...)
}

func (d *drawer) section(s view.Section) app.UI {
	all := []app.UI{app.Legend().Class("drawer-legend").Text(d.Text.T(string(s.Name)))}
	for _, one := range s.Settings {
		all = append(all, d.setting(one))
	}
	return app.FieldSet().Class("drawer-section").Body(all...)
}

// setting is one value with its name, what it is for, and what is wrong with it.
func (d *drawer) setting(s view.Setting) app.UI {
	id := "set-" + strings.ReplaceAll(string(s.Slot), " ", "-")
	name := app.UI(app.Label().For(id).Class("setting-name").Text(say(d.Text, s.Label)))
	control := d.control(s, id)
	class := "setting setting-" + string(s.Kind)
	if s.Kind == view.AsTicks {
		return app.FieldSet().ID(id).Class(class).Body(
			app.Legend().Class("setting-name").Text(say(d.Text, s.Label)), control)
	}
	hint, wrong := app.UI(nil), app.UI(nil)
	if s.Hint != "" {
		hint = para("setting-hint", d.Text.T(string(s.Hint))).ID(id + "-hint")
	}
	if d.Fault.Slot == s.Slot {
		wrong = para("setting-wrong", say(d.Text, d.Fault.Words)).ID(id + "-wrong")
	}
	return div(class, name, control, div("setting-hints", hint), app.Div().Class("setting-wrongs").Role("status").Body(wrong))
}

func (d *drawer) control(s view.Setting, id string) app.UI {
	switch s.Kind {
	case view.AsTicks:
		var all []app.UI
		for _, t := range s.Ticks {
			all = append(all, d.setting(t))
		}
		return div("ticks", all...)
	case view.AsTick:
		return app.Input().ID(id).Type("checkbox").DataSet("slot", s.Slot).Checked(s.On).OnChange(d.ticked)
	case view.AsPick:
		return app.Select().ID(id).Class("setting-value").DataSet("slot", s.Slot).OnChange(d.typed).Body(options(d.Text, s.Choices)...)
	case view.AsArea:
		return &typed{ID: id, Class: "setting-value mono", Slot: s.Slot, Value: s.Value, Area: true}
	}
	if d.Conceal && concealed(s.Slot) {
		return span("setting-concealed", d.Text.T("ui.setup.concealed")).ID(id)
	}
	return &typed{ID: id, Class: "setting-value mono", Slot: s.Slot, Value: s.Value, DescribedBy: d.described(s, id),
		Late: s.Late, Invalid: d.Fault.Slot == s.Slot}
}

// described names what stands below a value.
func (d *drawer) described(s view.Setting, id string) string {
	var ids []string
	if s.Hint != "" {
		ids = append(ids, id+"-hint")
	}
	if d.Fault.Slot == s.Slot {
		ids = append(ids, id+"-wrong")
	}
	return strings.Join(ids, " ")
}

func concealed(slot view.Slot) bool {
	return slot == view.Password || strings.HasPrefix(string(slot), string(view.SlotStoredPassword))
}

// options are the choices of a list, under the names of their groups.
func options(text i18n.Catalog, choices []view.Choice) (all []app.UI) {
	for len(choices) > 0 {
		group, n := choices[0].Group, 0
		var members []app.UI
		for ; n < len(choices) && choices[n].Group == group; n++ {
			members = append(members, option(text, choices[n]))
		}
		if choices = choices[n:]; group == "" {
			all = append(all, members...)
			continue
		}
		all = append(all, app.OptGroup().Label(text.T(string(group))).Body(members...))
	}
	return all
}

// option is one choice of a list.
func option(text i18n.Catalog, c view.Choice) app.UI {
	name := c.Text
	if c.Name != "" {
		name = text.T(string(c.Name))
	}
	o := app.Option().Value(c.Value).Text(name)
	if c.Chosen {
		o.Selected(true)
	}
	return o
}

func (d *drawer) typed(ctx app.Context, _ app.Event) {
	d.change(ctx, ctx.JSSrc().Get("value").String())
}

func (d *drawer) ticked(ctx app.Context, _ app.Event) {
	value := ""
	if ctx.JSSrc().Get("checked").Bool() {
		value = "yes"
	}
	d.change(ctx, value)
}

func (d *drawer) change(ctx app.Context, value string) {
	slot := ctx.JSSrc().Get("dataset").Get("slot").String()
	ctx.NewActionWithValue(actionEdit, edit{view.Slot(slot), value})
}
