package lab

import (
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// inspector explains the current step: the rule that decided, how the values
// were made, the octets. What is not open is not rendered.
type inspector struct {
	app.Compo
	Text      i18n.Catalog
	Sight     view.Sight
	Tab       string          // that is open
	Knowledge *view.Knowledge // each of these for its tab
	Rules     *view.Neighbours
	Machines  []view.Machine
	Commands  []view.Command
	Others    [][]string // that depart in the same way, for each departure
	Lacks     string     // why there are none yet

	at    int          // frame that open and block belong to
	open  map[int]bool // cards, by number
	block int          // of the hash in the open card; 0: none
	tall  bool         // where it is a sheet: over most of the window
}

func (i *inspector) OnInit() { i.at = -1 }

func (i *inspector) Render() app.UI {
	if v := i.Sight; i.at != v.At {
		i.at, i.block, i.open = v.At, 0, map[int]bool{v.Opens: true}
	}
	class := "panel inspector"
	if i.tall {
		class += " inspector-tall"
	}
	// Each part has its place, also when there is nothing in it: rows have no keys.
	return app.Section().ID("inspector").Class(class).TabIndex(0).Aria("label", i.Text.T("ui.inspector")).Body(
		i.handle(),
		&tabs{Text: i.Text, Of: inspectorTabs, Open: i.Tab},
		i.why(),
		div("departs-place", i.departures()),
		div("panel-place", i.panel()...).ID("panel").Role("tabpanel").Aria("labelledby", "tab-"+i.Tab),
	)
}

// panel is what the open tab is about.
func (i *inspector) panel() []app.UI {
	switch i.Tab {
	case tabOctets:
		return []app.UI{i.octets()}
	case tabKnows:
		return []app.UI{&knowledge{Text: i.Text, Knowledge: *i.Knowledge}}
	case tabRule:
		return []app.UI{&rules{Text: i.Text, Neighbours: *i.Rules}}
	case tabStates:
		return []app.UI{&states{Text: i.Text, Machines: i.Machines, Commands: i.Commands}}
	}
	octets := app.UI(nil)
	if len(i.Sight.Cards) == 0 { // nothing was made: what there is
		octets = i.octets()
	}
	return []app.UI{
		div("cards-place", i.cards()),
		div("facts-place", i.facts()),
		div("octets-place", octets),
	}
}

// handle makes the sheet taller and smaller again, where it is one.
func (i *inspector) handle() app.UI {
	return button("sheet-handle").Aria("expanded", i.tall).OnClick(i.stretch).Body(
		span("", i.Text.T("ui.sheet")), icon("unfold"))
}

func (i *inspector) stretch(ctx app.Context, e app.Event) { i.tall = !i.tall }

// why says what happened and which rule decided.
func (i *inspector) why() app.UI {
	v := i.Sight
	head := app.H2().Class("why-title")
	if v.Side != "" {
		head.Body(tag(i.Text, v.Side), span("", say(i.Text, v.Title)))
	} else {
		head.Body(span("", say(i.Text, v.Title)))
	}
	if v.Rule.ID == "" {
		return div("why", head)
	}
	return div("why", head,
		para("why-text", i.Text.T(string(v.Rule.Text))).ID("why"),
		app.P().Class("why-rule").Body(
			span("why-how", i.Text.T(string(v.Rule.How))+" "),
			span("why-id", v.Rule.ID).ID("rule"),
			sectionOf(v.Rule),
		),
	)
}
