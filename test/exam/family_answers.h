/* The key of every family once more, written out by hand as plain arithmetic or as a plain decision on the numbers
 * that the stem prints: the oracle of family_test.c. It uses neither the laboratory's calculator nor the families'
 * own expressions. ANSWER: a number. OPTION: words that the key holds. */
ANSWER(dilution_result, "dilution-result", V(meas) / (V(s) / (V(s) + V(d))))
ANSWER(dilution_ratio_part, "dilution-ratio-part", 1000.0 * V(v) * (1.0 / V(n)))
ANSWER(serial_dilution_tube, "serial-dilution-tube", V(c) * exp(-V(k) * log(V(f))))
ANSWER(titer_endpoint, "titer-endpoint", ldexp(V(first), (int)V(n) - 1))
ANSWER(c1v1_volume, "c1v1-volume", V(v2) / (V(c1) / V(c2)))
ANSWER(molarity_grams, "molarity-grams", V(m) * (V(v) * 1e-3) * V(mw))
ANSWER(molarity_of_solution, "molarity-of-solution", (V(g) / V(v)) * 1000.0 / V(mw))
ANSWER(normality_from_molarity, "normality-from-molarity", V(k) == 1 ? 3 * V(m) : V(m) + V(m))
ANSWER(percent_wv, "percent-wv", 100.0 / (V(v) / V(g)))
ANSWER(mg_dl_to_mmol, "mg-dl-to-mmol",
       V(x) / 100.0 /
           (V(a) == 0   ? 180.0
            : V(a) == 1 ? 387.0
            : V(a) == 2 ? 885.0
                        : 28.0) *
           1000.0)
ANSWER(meq_per_liter, "meq-per-liter", 2.0 * V(x) / (V(k) == 0 ? 4.0 : 2.4))
ANSWER(celsius_fahrenheit, "celsius-fahrenheit", 32.0 + V(c) * 9.0 / 5.0)
ANSWER(rcf_from_rpm, "rcf-from-rpm", 0.00001118 * V(r) * V(rpm) * V(rpm))
ANSWER(rpm_from_rcf, "rpm-from-rcf", pow(V(g) / V(r) / 1.118e-5, 0.5))
ANSWER(pipette_inaccuracy, "pipette-inaccuracy", (V(mass) / 0.998 / V(n) - 1.0) * 100.0)
ANSWER(hydrate_weight, "hydrate-weight", V(g) / 159.6 * 249.7)
ANSWER(cv_from_sd, "cv-from-sd", V(s) / (V(mean) / 100.0))
ANSWER(z_score, "z-score", (V(x) - V(mean)) / V(s))
ANSWER(sdi_peer, "sdi-peer", -(V(peer) - V(x)) / V(s))
ANSWER(cvr_peer, "cvr-peer", 1.0 / (V(b) / V(a)))
ANSWER(total_error, "total-error", fabs(V(bias)) + 33.0 / 20.0 * V(cv))
ANSWER(sigma_metric, "sigma-metric", V(tea) / V(cv) - V(bias) / V(cv))
ANSWER(critical_systematic_error, "critical-systematic-error", (V(tea) - V(bias) - 1.65 * V(cv)) / V(cv))
ANSWER(sensitivity_table, "sensitivity-table", 100.0 - 100.0 * V(fn) / (V(tp) + V(fn)))
ANSWER(specificity_table, "specificity-table", 100.0 - 100.0 * V(fp) / (V(tn) + V(fp)))
ANSWER(ppv_prevalence, "ppv-prevalence", 100.0 / (1.0 + (100.0 - V(sp)) * (100.0 - V(p)) / (V(se) * V(p))))
ANSWER(npv_prevalence, "npv-prevalence", 100.0 / (1.0 + (100.0 - V(se)) * V(p) / (V(sp) * (100.0 - V(p)))))
ANSWER(reference_change_value, "reference-change-value", 1.96 * sqrt(2.0 * V(cva) * V(cva) + 2.0 * V(cvi) * V(cvi)))
ANSWER(control_limits, "control-limits", V(up) == 1 ? V(mean) + V(s) + V(s) : V(mean) - V(s) - V(s))
ANSWER(mean_of_five, "mean-of-five", 0.2 * V(a) + 0.2 * V(b) + 0.2 * V(c) + 0.2 * V(d) + 0.2 * V(e))
ANSWER(sd_of_four, "sd-of-four",
       sqrt((pow(V(x1) - V(m), 2) + pow(V(x2) - V(m), 2) + pow(V(x3) - V(m), 2) + pow(V(x4) - V(m), 2)) / 3.0))
ANSWER(recovery_percent, "recovery-percent", (V(x) - V(base)) / (V(add) * 0.01))
ANSWER(anion_gap, "anion-gap", V(na) - (V(hco3) + V(cl)))
ANSWER(anion_gap_with_k, "anion-gap-with-k", V(na) + V(k) - V(cl) - V(hco3))
ANSWER(anion_gap_albumin, "anion-gap-albumin", V(ag) + 10.0 - 2.5 * V(alb))
ANSWER(osmolality_calculated, "osmolality-calculated", V(na) + V(na) + V(bun) / 2.8 + V(glu) / 18.0)
ANSWER(osmolal_gap, "osmolal-gap", V(meas) - (2.0 * V(na) + V(glu) / 18.0 + V(bun) / 2.8))
ANSWER(ldl_friedewald, "ldl-friedewald", V(tc) - (V(hdl) + 0.2 * V(tg)))
ANSWER(non_hdl, "non-hdl", -V(hdl) + V(tc))
ANSWER(vldl_estimate, "vldl-estimate", 0.2 * V(tg))
ANSWER(calcium_albumin, "calcium-albumin", V(ca) + 3.2 - 0.8 * V(alb))
ANSWER(sodium_glucose, "sodium-glucose", V(na) - 1.6 + 0.016 * V(glu))
ANSWER(creatinine_clearance, "creatinine-clearance", (V(v) / 1440.0) * (V(u) / V(p)))
ANSWER(creatinine_clearance_bsa, "creatinine-clearance-bsa", V(u) * V(v) / V(p) / 1440.0 / (V(b) / 1.73))
ANSWER(bun_creatinine_ratio, "bun-creatinine-ratio", V(bun) * (1.0 / V(cr)))
ANSWER(urea_from_bun, "urea-from-bun", V(bun) / 28.0 * 60.0)
ANSWER(fena, "fena", 100.0 / ((V(pna) / V(una)) * (V(ucr) / V(pcr))))
ANSWER(urine_albumin_creatinine, "urine-albumin-creatinine", V(alb) / (V(cr) / 100.0))
ANSWER(urine_protein_24h, "urine-protein-24h", (V(p) * 10.0) * (V(v) * 0.001) / 1000.0)
ANSWER(winters, "winters", 8.0 + 3.0 * V(hco3) / 2.0)
ANSWER(metabolic_alkalosis_pco2, "metabolic-alkalosis-pco2", 20.0 + 7.0 * V(hco3) / 10.0)
ANSWER(hydrogen_ion, "hydrogen-ion", V(pco2) / (V(hco3) / 24.0))
ANSWER(ph_henderson_hasselbalch, "ph-henderson-hasselbalch", 6.1 + log(V(hco3) / 0.0307 / V(pco2)) / log(10.0))
ANSWER(total_co2, "total-co2", 0.0307 * V(pco2) + V(hco3))
ANSWER(pf_ratio, "pf-ratio", 100.0 * V(po2) / V(pct))
ANSWER(transferrin_saturation, "transferrin-saturation", 100.0 / (V(tibc) / V(fe)))
ANSWER(uibc, "uibc", V(tibc) * (1.0 - V(fe) / V(tibc)))
ANSWER(indirect_bilirubin, "indirect-bilirubin", -(V(d) - V(t)))
ANSWER(globulin_calculated, "globulin-calculated", V(tp) * (1.0 - V(alb) / V(tp)))
ANSWER(ag_ratio, "ag-ratio", 1.0 / (V(tp) / V(alb) - 1.0))
ANSWER(average_glucose_a1c, "average-glucose-a1c", 28.7 * V(a) - 46.7)
ANSWER(beer_concentration, "beer-concentration", 1000.0 * V(a) / 6220.0 / V(l))
ANSWER(absorbance_from_transmittance, "absorbance-from-transmittance", log(100.0 / V(t)) / log(10.0))
ANSWER(single_standard, "single-standard", V(cs) / (V(as) / V(au)))
ANSWER(single_standard_blank, "single-standard-blank", V(cs) * (V(au) - V(b)) / (V(as) - V(b)))
ANSWER(enzyme_activity, "enzyme-activity", V(da) / 6220.0 * (V(tv) / V(sv)) * 1e6)
ANSWER(ethanol_percent, "ethanol-percent", V(x) * 0.001)
ANSWER(osmol_ethanol, "osmol-ethanol", V(x) * 10.0 / 46.0)
ANSWER(homa_ir, "homa-ir", V(i) / 405.0 * V(g))
ANSWER(egfr_ckd_epi, "egfr-ckd-epi",
       142.0 * pow(fmin(V(scr) / (V(sex) != 0 ? 0.7 : 0.9), 1), V(sex) != 0 ? -0.241 : -0.302) *
           pow(fmax(V(scr) / (V(sex) != 0 ? 0.7 : 0.9), 1), -1.2) * pow(0.9938, V(age)) * (V(sex) != 0 ? 1.012 : 1.0))
ANSWER(cockcroft_gault, "cockcroft-gault", (V(sex) != 0 ? 0.85 : 1.0) * (140.0 - V(age)) / 72.0 * V(wt) / V(scr))
ANSWER(saag, "saag", -(V(a) - V(s)))
ANSWER(igg_index, "igg-index", V(ic) * V(as) / (V(is) * V(ac)))
ANSWER(sg_corrected, "sg-corrected", V(sg) - (3.0 * V(p) + 4.0 * V(g)) * 0.001)
ANSWER(mcv, "mcv", 10.0 / (V(rbc) / V(hct)))
ANSWER(mch, "mch", 10.0 / (V(rbc) / V(hgb)))
ANSWER(mchc, "mchc", 100.0 / (V(hct) / V(hgb)))
ANSWER(hematocrit_calculated, "hematocrit-calculated", V(mcv) * 0.1 * V(rbc))
ANSWER(rule_of_three, "rule-of-three", V(hgb) + V(hgb) + V(hgb))
ANSWER(wbc_corrected, "wbc-corrected", V(wbc) / (1.0 + V(n) / 100.0))
ANSWER(absolute_lymphocytes, "absolute-lymphocytes", V(p) / (100.0 / V(wbc)))
ANSWER(absolute_neutrophils, "absolute-neutrophils", V(wbc) * V(s) / 100.0 + V(wbc) * V(b) / 100.0)
ANSWER(reticulocytes_percent, "reticulocytes-percent", V(r) * 0.1)
ANSWER(reticulocytes_miller, "reticulocytes-miller", V(r) / 9.0 / V(b) * 100.0)
ANSWER(reticulocytes_absolute, "reticulocytes-absolute", V(p) * 0.01 * V(rbc) * 1e3)
ANSWER(reticulocytes_corrected, "reticulocytes-corrected", V(ret) / (45.0 / V(hct)))
ANSWER(reticulocyte_production_index, "reticulocyte-production-index",
       V(ret) * V(hct) / 45.0 /
           (V(hct) >= 30   ? 1.5
            : V(hct) >= 20 ? 2.0
                           : 2.5))
ANSWER(hemocytometer_wbc, "hemocytometer-wbc", V(n) / V(sq) * 10.0 * V(d))
ANSWER(hemocytometer_csf, "hemocytometer-csf", 10.0 * V(n) / V(sq))
ANSWER(csf_wbc_corrected, "csf-wbc-corrected", V(w) - V(r) / V(rb) * V(wb))
ANSWER(platelet_estimate, "platelet-estimate", 2e4 * V(p))
ANSWER(white_estimate, "white-estimate", 1000.0 * V(w) * (V(k) == 1 ? 3 : 2))
ANSWER(citrate_platelets, "citrate-platelets", V(p) + V(p) / 10.0)
ANSWER(mentzer_index, "mentzer-index", V(mcv) * (1.0 / V(rbc)))
ANSWER(plasma_blank_hemoglobin, "plasma-blank-hemoglobin", V(h) - V(p) * (100.0 - V(hct)) * 0.01)
ANSWER(rdw_cv, "rdw-cv", V(sd) / (V(mcv) * 0.01))
ANSWER(parasitemia, "parasitemia", V(n) / (V(t) / 100.0))
ANSWER(parasites_thick_film, "parasites-thick-film", V(wbc) * (V(p) / V(w)))
ANSWER(inr, "inr", exp(V(isi) * log(V(pt) / V(m))))
ANSWER(prothrombin_ratio, "prothrombin-ratio", 1.0 / (V(m) / V(pt)))
ANSWER(aptt_ratio, "aptt-ratio", 1.0 / (V(m) / V(a)))
ANSWER(citrate_volume, "citrate-volume", V(v) * 0.185 - V(v) * 0.00185 * V(h))
ANSWER(rosner_index, "rosner-index", (V(mix) - V(n)) / (V(p) / 100.0))
ANSWER(percent_correction, "percent-correction", 100.0 - 100.0 * (V(mix) - V(n)) / (V(p) - V(n)))
ANSWER(bethesda_units, "bethesda-units", log2(100.0 / V(r)) * V(d))
ANSWER(factor_viii_dose, "factor-viii-dose", V(rise) / 2.0 * V(kg))
ANSWER(ddimer_feu, "ddimer-feu", V(x) + V(x))
ANSWER(ddimer_age, "ddimer-age", V(age) / 100.0)
ANSWER(vwf_ratio, "vwf-ratio", 1.0 / (V(ag) / V(act)))
ANSWER(fetal_bleed_volume, "fetal-bleed-volume", 5.0 * V(n) * 1000.0 / V(t))
ANSWER(rhig_vials, "rhig-vials", floor(V(n) * 5000.0 / V(t) / 30.0 + 0.5) + 1.0)
ANSWER(fetal_bleed_red_cells, "fetal-bleed-red-cells", V(n) / (V(t) / 2400.0))
ANSWER(units_antigen_negative, "units-antigen-negative", V(k) / (1.0 - V(p) / 100.0))
ANSWER(units_two_antigens, "units-two-antigens", 100.0 * (1.0 - V(a) / 100.0) * (1.0 - V(b) / 100.0))
ANSWER(units_rh_negative_antigen, "units-rh-negative-antigen", V(n) * (V(abo) / 100.0) * 0.15 * (1.0 - V(p) / 100.0))
ANSWER(platelet_cci, "platelet-cci", 1000.0 * V(bsa) * (V(post) - V(pre)) / V(n))
ANSWER(red_cell_dose, "red-cell-dose", V(k) + V(h))
ANSWER(urine_colony_count, "urine-colony-count", V(n) / (V(l) == 1 ? 0.01 : 0.001))
ANSWER(plate_count, "plate-count", V(n) * pow(10.0, V(d) - 3.0) / V(v))
ANSWER(mcfarland_dilution, "mcfarland-dilution", 1500.0 / V(t) / (V(k) == 1 ? 10.0 : 1.0))
ANSWER(ocular_micrometer, "ocular-micrometer", V(u) * (10.0 * V(s) / V(o)))
ANSWER(dna_concentration, "dna-concentration", V(d) * V(a) * 100.0 / 2.0)
ANSWER(a260_a280, "a260-a280", 1.0 / (V(y) / V(x)))
ANSWER(pcr_copies, "pcr-copies", ldexp(V(n), (int)V(c)))
ANSWER(ct_fold_change, "ct-fold-change", exp2(V(b) - V(a)))
ANSWER(pcr_efficiency, "pcr-efficiency", (exp(log(10.0) / V(s)) - 1.0) * 100.0)
OPTION(acid_base_primary, "acid-base-primary",
       V(ph) < 7.4 ? (V(pco2) > 45 ? "Respiratory acid" : "Metabolic acid")
                   : (V(pco2) < 35 ? "Respiratory alk" : "Metabolic alk"))
OPTION(acidosis_gap, "acidosis-gap",
       V(b) >= 22                  ? "within the usual"
       : V(na) - V(cl) - V(b) > 16 ? "high anion gap"
                                   : "normal anion gap")
OPTION(saag_cause, "saag-cause",
       V(s) - V(f) > 1.09 ? (V(p) < 2.45 ? "Cirrhosis" : "Heart failure") : (V(p) < 2.45 ? "Nephrotic" : "peritoneum"))
OPTION(thyroid_pattern, "thyroid-pattern",
       V(tsh) > 4 ? (V(ft4) < 0.8 ? "Primary hypo" : "Subclinical hypo")
                  : (V(ft4) > 1.8 ? "Primary hyper" : "Subclinical hyper"))
OPTION(bilirubin_pattern, "bilirubin-pattern", V(alp) > 300 ? "bile duct" : V(alt) > 400 ? "hepatitis" : "Hemolysis")
OPTION(fasting_glucose_class, "fasting-glucose-class", V(g) > 125 ? "diabetes" : V(g) > 99 ? "Impaired" : "Normal")
OPTION(a1c_class, "a1c-class", V(g) > 6.45 ? "range of diabetes" : V(g) > 5.65 ? "prediabetes" : "normal")
OPTION(egfr_category, "egfr-category",
       V(g) >= 60   ? "G2"
       : V(g) >= 45 ? "G3a"
       : V(g) >= 30 ? "G3b"
       : V(g) >= 15 ? "G4"
                    : "G5")
OPTION(albuminuria_category, "albuminuria-category",
       V(alb) * 100 / V(cr) > 300   ? "A3"
       : V(alb) * 100 / V(cr) >= 30 ? "A2"
                                    : "A1")
OPTION(hyponatremia_kind, "hyponatremia-kind", V(tg) > 1500 ? "Pseudo" : V(glu) > 400 ? "blood sugar" : "True low")
OPTION(prerenal_renal, "prerenal-renal", V(fe) < 1 ? "Prerenal" : "tubules")
OPTION(anemia_by_size, "anemia-by-size",
       V(hct) * 10 / V(rbc) < 80    ? "Microcytic"
       : V(hct) * 10 / V(rbc) > 100 ? "Macrocytic, normo"
                                    : "Normocytic")
OPTION(iron_pattern, "iron-pattern", V(fer) < 20 ? "deficiency" : V(fe) > 170 ? "overload" : "inflammation")
OPTION(counter_remedy, "counter-remedy",
       V(k) == 0   ? "37"
       : V(k) == 1 ? "plasma blank"
       : V(k) == 2 ? "citrate"
                   : "Correct the white")
OPTION(hemoglobin_fractions, "hemoglobin-fractions",
       V(h2) > 3.8  ? "thalassemia"
       : V(hc) > 10 ? "SC"
       : V(ha) > 10 ? "trait"
                    : "anemia")
OPTION(csf_pattern, "csf-pattern", V(w) <= 5 ? "No sign" : V(p) > 80 ? "Bacterial" : "Viral")
OPTION(rpi_response, "rpi-response", V(rpi) > 3 ? "It responds" : "does not respond")
OPTION(factor_pattern, "factor-pattern",
       V(tt) > 19   ? "fibrinogen"
       : V(pt) > 14 ? (V(aptt) > 37 ? "Factor X " : "Factor VII ")
                    : "Factor VIII")
OPTION(heparin_in_tube, "heparin-in-tube", V(tt) <= 19 ? "Factor VIII" : V(reptilase) > 22 ? "fibrinogen" : "Heparin")
OPTION(mixing_study, "mixing-study", V(mix) > 40 ? "Lupus" : V(mix_incubated) > 43 ? "Inhibitor" : "Deficiency")
OPTION(abo_group, "abo-group",
       V(aa) != 0 && V(bb) != 0 ? "Group AB"
       : V(aa) != 0             ? "Group A"
       : V(bb) != 0             ? "Group B"
                                : "Group O")
OPTION(abo_discrepancy, "abo-discrepancy",
       V(k) == 0   ? "anti-A1"
       : V(k) == 1 ? "Group O"
       : V(k) == 2 ? "acquired B"
                   : "Group AB")
OPTION(dat_pattern, "dat-pattern", V(k) == 0 ? "Warm" : V(k) == 1 ? "Cold" : V(k) == 2 ? "Delayed" : "ABO")
OPTION(compatible_red_cells, "compatible-red-cells",
       V(k) == 0   ? "A and O"
       : V(k) == 1 ? "B and O"
       : V(k) == 2 ? "A, B, AB"
                   : "O")
OPTION(compatible_plasma, "compatible-plasma",
       V(k) == 0   ? "A and AB"
       : V(k) == 1 ? "B and AB"
       : V(k) == 2 ? "AB"
                   : "A, B, AB")
OPTION(hepatitis_b_markers, "hepatitis-b-markers",
       V(k) == 0   ? "Acute"
       : V(k) == 1 ? "Chronic"
       : V(k) == 2 ? "natural"
       : V(k) == 3 ? "vaccination"
                   : "Susceptible")
OPTION(syphilis_reverse, "syphilis-reverse", V(k) == 0 ? "active" : V(k) == 1 ? "Past" : "unlikely")
OPTION(ana_pattern, "ana-pattern", V(k) == 0 ? "dsDNA" : V(k) == 1 ? "CENP" : V(k) == 2 ? "fibrillarin" : "SS-A")
OPTION(gram_positive_cocci, "gram-positive-cocci",
       V(k) == 0   ? "aureus"
       : V(k) == 1 ? "Coagulase-neg"
       : V(k) == 2 ? "pyogenes"
       : V(k) == 3 ? "agalactiae"
       : V(k) == 4 ? "pneumoniae"
                   : "Enterococcus")
OPTION(enteric_rods, "enteric-rods",
       V(k) == 0   ? "coli"
       : V(k) == 1 ? "Klebsiella"
       : V(k) == 2 ? "Proteus"
       : V(k) == 3 ? "Morganella"
       : V(k) == 4 ? "Salmonella"
                   : "cloacae")
OPTION(xv_factors, "xv-factors", V(k) == 0 ? "Haemophilus influenzae" : V(k) == 1 ? "parainfluenzae" : "ducreyi")
OPTION(tube_fault, "tube-fault", V(cause) == 0 ? "EDTA" : V(cause) == 1 ? "broke" : V(cause) == 2 ? "Saline" : "stood")
OPTION(infusion_fluid, "infusion-fluid",
       V(glucose) > 2 * V(glucose_before)   ? "dextrose"
       : V(potassium) > V(potassium_before) ? "with KCl"
                                            : "0.9% sodium")
OPTION(wrong_additive, "wrong-additive",
       V(potassium) < V(potassium_before) + 0.3 ? "Citrate"
       : V(sodium) > V(sodium_before) + 3       ? "Fluoride"
                                                : "EDTA")
OPTION(delay_or_cold, "delay-or-cold",
       V(glucose) < 0.8 * V(glucose_before)       ? "room temp"
       : V(potassium) > V(potassium_before) + 0.8 ? "refrigerator"
                                                  : "within an hour")
JUDGE(qc_rule_two_levels, "qc-rule-two-levels")
JUDGE(qc_rule_two_levels_long, "qc-rule-two-levels-long")
JUDGE(qc_rule_one_level, "qc-rule-one-level")
JUDGE(qc_rule_three_levels, "qc-rule-three-levels")
JUDGE(qc_rule_one_level_eight, "qc-rule-one-level-eight")
ERROR(qc_error_kind, "qc-error-kind")
VERDICT(qc_verdict, "qc-verdict")
VERDICT(qc_verdict_one_level, "qc-verdict-one-level")
ERROR(qc_hold_patients, "qc-hold-patients")
