/* A record with something in each kind of section, for tests of its pages; and forms with a file, sent without a browser. */
import { forms } from "./lib.mjs";

/* The smallest picture: one pixel (PNG). */
export const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==", "base64");
export const pdf = (marker, bytes = 400) => Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.alloc(bytes, 37), Buffer.from(`\n${marker}\n%%EOF\n`)]);

/* A form with a file, as a browser sends it. `fields` replaces those of the page's form. */
export async function sendFile(client, page, action, name, bytes, fields = {}, field = "file") {
  const form = forms((await client.get(page)).text).find((f) => f.action === action), boundary = "----titerTestBoundary7";
  const parts = Object.entries({ ...Object.fromEntries(form.fields.filter(([n]) => n !== field)), ...fields })
    .map(([n, v]) => Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`));
  if (bytes) parts.push(Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${field}"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`), bytes, Buffer.from("\r\n"));
  const body = Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
  return client.ask("POST", action, { body, headers: { "Content-Type": `multipart/form-data; boundary=${boundary}`, "Content-Length": body.length, Origin: client.server.url } });
}

export async function enter(client, section, fields) {
  const answer = await client.post(`/record/${section}/add`, fields);
  return (/^\/record\/entry\/([a-z0-9]+)/.exec(answer.headers.location || "") || [])[1];
}

export async function fillRecord(client) {
  const degree = await enter(client, "degrees", { level: "associate", field: "medical_laboratory_technology", school: "Example Community College", awarded: "spring 2021", accredited: "yes" });
  await enter(client, "credits", { subject: "biology", hours: "12", unit: "semester", completed: "2021" });
  await enter(client, "credits", { subject: "chemistry", unit: "quarter" });
  await enter(client, "programs", { kind: "MLT", school: "Example Hospital", accreditors: "NAACLS", completed: "2021-06", clinical: "640" });
  await enter(client, "jobs", { employer: "St. Example Hospital", title: "Technician", setting: "clinical_lab", areas: "chemistry", start: "2021-08-02", end: "present", hours_per_week: "36", note: "Nights every third week." });
  await enter(client, "certificates", { id: "ASCP-MLT", status: "valid", expires: "2027-06" });
  await client.post("/record/military/none", { none: "yes" });
  await sendFile(client, `/record/entry/${degree}`, `/record/entry/${degree}/upload`, "diploma.png", png);
  await sendFile(client, `/record/entry/${degree}`, `/record/entry/${degree}/upload`, "transcript of 2021, both sides.pdf", pdf("TRANSCRIPT"));
  await client.post(`/record/entry/${degree}/correct`, { ...Object.fromEntries(forms((await client.get(`/record/entry/${degree}/correct`)).text).find((f) => f.action.endsWith("/correct")).fields), level: "associate", field: "medical_laboratory_technology", school: "Example College", awarded: "2021-05", accredited: "yes" });
  return degree;
}
