package lab

import (
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/web/i18n"
	"example.org/smtpauth/web/view"
	"github.com/maxence-charriere/go-app/v9/pkg/app"
)

// meetings is the list of stories, each with its acts.
type meetings struct {
	app.Compo
	Text i18n.Catalog
	List []view.Meeting
}

func (m *meetings) Render() app.UI {
	var rows []app.UI
	for _, one := range m.List {
		rows = append(rows, app.Li().Class("meetings-row").Body(
			app.H3().Class("meetings-title").Text(m.Text.T(string(one.Title))), actsOf(m.Text, one.Acts)))
	}
	return div("", para("", m.Text.T("ui.meetings.text")), app.Ul().Class("meetings-list").Body(rows...))
}

// meeting tells the story that the session comes from.
type meeting struct {
	app.Compo
	Text i18n.Catalog
	Here view.Meeting
}

func (m *meeting) Render() app.UI {
	var sources []app.UI
	for _, s := range m.Here.Sources {
		sources = append(sources, app.Li().Text(s))
	}
	return app.Details().ID("meeting").Class("meeting").Open(true).Body(
		app.Summary().Class("meeting-title").Text(m.Text.T(string(m.Here.Title))),
		div("meeting-body",
			para("meeting-story", m.Text.T(string(m.Here.Story))),
			actsOf(m.Text, m.Here.Acts),
			app.Details().Class("meeting-sources").Body(
				app.Summary().Text(m.Text.T("ui.meeting.sources")), app.Ul().Body(sources...))))
}

// actsOf are the acts of a meeting, to choose one.
func actsOf(text i18n.Catalog, acts []view.MeetingAct) app.UI {
	var rows []app.UI
	for _, a := range acts {
		row := button("meeting-act").DataSet("meeting", a.Name).OnClick(meetNow)
		if a.Here {
			row.Aria("current", "true")
		}
		rows = append(rows, app.Li().Body(row.Body(
			span("meeting-label", text.T(string(a.Label))),
			span("meeting-pair", a.Client+" → "+a.Server+" · "+text.T(string(a.Evidence))))))
	}
	return app.Ul().Class("meeting-acts").Aria("label", text.T("ui.meeting.acts")).Body(rows...)
}

func meetNow(ctx app.Context, _ app.Event) {
	if d := ctx.JSSrc().Call("closest", "dialog"); d.Truthy() {
		d.Call("close")
	}
	ctx.NewActionWithValue(actionMeet, ctx.JSSrc().Get("dataset").Get("meeting").String())
}

// meet shows an act of a meeting, at the line that it is about.
func (p *Page) meet(ctx app.Context, name string) {
	if p.dialects == nil {
		return
	}
	m, act, known := p.dialects.Meeting(name)
	if !known {
		return
	}
	setup, err := scenario.Meet(p.dialects, m, act)
	if err != nil {
		return
	}
	address, err := view.AddressOf(setup, nil, false)
	if err != nil {
		return
	}
	p.pause()
	p.follow(string(address))
	p.seek(ctx, scenario.Point(p.session.Frames(), m.Acts[act]))
}

// met is the meeting that the session comes from, or nil.
func (p *Page) met() *view.Meeting {
	setup := p.session.Setup()
	if p.dialects == nil || setup.Meeting == "" {
		return nil
	}
	_, here := view.MeetingsOf(p.dialects, setup)
	return here
}

// recall asks for the story of the session, where it has one.
func (p *Page) recall(ctx app.Context) {
	if p.session.Setup().Meeting != "" {
		p.fetch(ctx)
	}
}
