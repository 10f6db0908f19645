import { launch, open, press, sizes } from "./harness.mjs";
const world = await launch();
const page = await open("en/", { size: sizes.wide });
await page.evaluate(()=>{globalThis.muts={};new MutationObserver(cs=>{for(const c of cs){const comp=c.target.closest?.("header,.bar,.phases,.sentence,.lanes,[data-frame],.inspector .why,#panel,.tabs,.views,.notice-place,.dialogs,#live")??c.target.parentElement; const k=(comp?.dataset?.frame!==undefined?"entry":comp?.className||comp?.id||comp?.tagName)+" "+c.type+" "+(c.attributeName??"");const n=c.type==="childList"?[...c.addedNodes].reduce((a,x)=>a+1+(x.querySelectorAll?.("*").length??0),0)+c.removedNodes.length:1;muts[k]=(muts[k]??0)+n;}}).observe(document.body,{subtree:true,childList:true,attributes:true,characterData:true});});
let n=0;
while(!await page.isDisabled("#step")){ await press(page,"ArrowRight"); await page.waitForTimeout(60); n++; if(n>40)break; if(await page.$eval("#step",e=>e.getAttribute("aria-disabled")==="true"))break;}
console.log(n,await page.evaluate(()=>Object.entries(muts).sort((a,b)=>b[1]-a[1])));
console.log(await page.$$eval("[data-frame]",all=>all.map(e=>e.querySelectorAll("*").length)));
console.log(await page.$eval("#entry-1",e=>e.outerHTML));
await world.close();
